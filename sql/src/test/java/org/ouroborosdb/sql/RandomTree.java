package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A small random tree: few titles, many of them equal, some absent; versions and removals too. */
final class RandomTree {
  private static final List<@Nullable String> TITLES =
      Arrays.asList("a", "b", "aa", "ab", "", "z%", "a_", "\u00fc", null);

  private RandomTree() {}

  /** Fills a database and returns ids of events. */
  static List<String> fill(Statements db, Random random) {
    List<String> ids = new ArrayList<>();
    List<String> bases = new ArrayList<>();
    int roots = 1 + random.nextInt(3);
    for (int i = 0; i < roots; i++) {
      String metadata = random.nextBoolean() ? null : "m" + i;
      bases.add(
          db.insert("INSERT INTO roots(title, metadata) VALUES (?, ?)", "r" + i, metadata)
              .toString());
    }
    int events = random.nextInt(40);
    for (int i = 0; i < events; i++) {
      String parent = bases.get(random.nextInt(bases.size()));
      String title = TITLES.get(random.nextInt(TITLES.size()));
      byte[] content = random.nextInt(3) == 0 ? null : new byte[random.nextInt(4)];
      String media = random.nextInt(3) == 0 ? "text/plain" : null;
      String metadata = random.nextInt(3) == 0 ? TITLES.get(random.nextInt(TITLES.size())) : null;
      Object[] tags = random.nextInt(3) == 0 ? new Object[] {"a", "t" + random.nextInt(3)} : null;
      String id =
          db.insert(
                  "INSERT INTO events(parent, title, content, media_type, metadata, tags,"
                      + " temporary) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  parent,
                  title,
                  content,
                  media,
                  metadata,
                  tags,
                  temporary(db, parent) || random.nextInt(6) == 0)
              .toString();
      bases.add(id);
      if (random.nextInt(4) == 0) {
        version(db, random, id, ids);
      }
    }
    ids.addAll(bases);
    return ids;
  }

  private static boolean temporary(Statements db, String parent) {
    return Boolean.TRUE.equals(db.value("SELECT temporary FROM events WHERE id = ?", parent));
  }

  private static void version(Statements db, Random random, String id, List<String> ids) {
    boolean removed = random.nextInt(3) == 0;
    String sql =
        removed
            ? "INSERT INTO events(parent, type, temporary) VALUES (?, 'REMOVE', ?)"
            : "INSERT INTO events(parent, type, temporary, content) VALUES (?, 'OVERWRITE', ?,"
                + " X'00')";
    ids.add(db.insert(sql, id, temporary(db, id)).toString());
  }
}
