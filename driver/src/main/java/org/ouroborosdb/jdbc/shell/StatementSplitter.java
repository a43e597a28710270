package org.ouroborosdb.jdbc.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script into statements at the semicolons that stand outside of quotes and comments. For
 * one thread.
 */
final class StatementSplitter {
  private static final int END = -1;

  private final Reader in;
  private int ahead;
  private int line = 1;
  private int startLine;

  StatementSplitter(Reader script) throws IOException {
    in = new BufferedReader(script);
    ahead = in.read();
  }

  /** Returns the line, from 1, on which the last statement returned starts. */
  int startLine() {
    return startLine;
  }

  /** Returns the next statement without its semicolon, or null after the last one. */
  @Nullable String next() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean any = false;
    while (ahead != END) {
      char c = take(text);
      if (c == '\'' || c == '"') {
        any = start(any);
        takePast(text, c);
      } else if ((c == '-' && ahead == '-') || (c == '/' && ahead == '/')) {
        takePast(text, '\n');
      } else if (c == '/' && ahead == '*') {
        takeComment(text);
      } else if (c == ';') {
        if (any) {
          return text.substring(0, text.length() - 1);
        }
        text.setLength(0);
      } else if (!Character.isWhitespace(c)) {
        any = start(any);
      } else if (!any && text.toString().isBlank()) {
        text.setLength(0); // so that the statement's line 1 is where it starts
      }
    }
    return any ? text.toString() : null;
  }

  private boolean start(boolean started) {
    if (!started) {
      startLine = line;
    }
    return true;
  }

  private char take(StringBuilder text) throws IOException {
    char c = (char) ahead;
    if (c == '\n') {
      line++;
    }
    text.append(c);
    ahead = in.read();
    return c;
  }

  private void takePast(StringBuilder text, char end) throws IOException {
    while (ahead != END && take(text) != end) {
      // on to the end
    }
  }

  private void takeComment(StringBuilder text) throws IOException {
    take(text);
    char last = ' ';
    while (ahead != END) {
      char c = take(text);
      if (last == '*' && c == '/') {
        return;
      }
      last = c;
    }
  }
}
