package org.ouroborosdb.sql.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement with replaced pieces, which still knows where each character came from, so that
 * messages refer to what the user typed.
 */
public final class EditedText {
  private final String typed;
  private final List<Edit> edits = new ArrayList<>();

  private record Edit(int start, int end, String text) {}

  public EditedText(String typed) {
    this.typed = typed;
  }

  public EditedText copy() {
    EditedText copy = new EditedText(typed);
    copy.edits.addAll(edits);
    return copy;
  }

  public String typed() {
    return typed;
  }

  /** Replaces characters of the typed text; edits do not overlap. */
  public void replace(int start, int end, String text) {
    int at = edits.size();
    while (at > 0 && edits.get(at - 1).start > start) {
      at--;
    }
    edits.add(at, new Edit(start, end, text));
  }

  @Override
  public String toString() {
    if (edits.isEmpty()) {
      return typed;
    }
    StringBuilder out = new StringBuilder(typed.length() + 16);
    int at = 0;
    for (Edit edit : edits) {
      out.append(typed, at, edit.start).append(edit.text);
      at = edit.end;
    }
    return out.append(typed, at, typed.length()).toString();
  }

  /** Turns a line and column of the edited text, both from 1, into "line L, column C" as typed. */
  public String place(int line, int column) {
    int typedOffset = typedOffset(line, column);
    int typedLine = 1;
    int lineStart = 0;
    for (int i = 0; i < typedOffset; i++) {
      if (typed.charAt(i) == '\n') {
        typedLine++;
        lineStart = i + 1;
      }
    }
    return "line " + typedLine + ", column " + (typedOffset - lineStart + 1);
  }

  /** Returns the index in the typed text of a line and column of the edited text. */
  public int typedOffset(int line, int column) {
    return typedOffset(offset(toString(), line, column));
  }

  private int typedOffset(int edited) {
    int shift = 0;
    for (Edit edit : edits) {
      int start = edit.start + shift;
      if (edited < start) {
        break;
      }
      if (edited < start + edit.text.length()) {
        return edit.start;
      }
      shift += edit.text.length() - (edit.end - edit.start);
    }
    return Math.max(0, Math.min(edited - shift, typed.length()));
  }

  /** The parser counts CR, LF and CRLF as line ends, and columns from 1 with tabs as one. */
  private static int offset(String text, int line, int column) {
    int at = 0;
    for (int l = 1; l < line && at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\n' || (c == '\r' && !text.startsWith("\n", at + 1))) {
        l++;
      }
    }
    return Math.min(at + column - 1, text.length());
  }
}
