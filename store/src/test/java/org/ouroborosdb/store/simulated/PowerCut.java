package org.ouroborosdb.store.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Decides which unforced changes a power cut leaves on the platter. One use. */
final class PowerCut {
  private static final double[] SHARES = {0, 0.1, 0.5, 0.9, 1};

  private final Map<String, Inode> directory;
  private final List<Change> unforced;
  private final Random random;

  PowerCut(Map<String, Inode> directory, List<Change> unforced, Random random) {
    this.directory = directory;
    this.unforced = unforced;
    this.random = random;
  }

  void lose(Loss loss) {
    if (loss == Loss.PREFIX) {
      prefix();
    } else {
      subset();
    }
  }

  private void prefix() {
    int most = unforced.size();
    int count = random.nextInt(4) == 0 ? most : random.nextInt(most + 1);
    for (Change change : unforced.subList(0, count)) {
      if (change instanceof Change.Sector sector) {
        // What a failed force abandoned may have been written or not, whatever the order.
        if (!sector.inode().abandoned.contains(sector.number()) || random.nextBoolean()) {
          sector.inode().keep(sector);
        }
        sector.inode().keepLength(sector.length());
      } else if (change instanceof Change.Cut cut) {
        cut.inode().keep(cut);
      } else if (change instanceof Change.Entry entry) {
        SimulatedDisk.apply(entry, directory);
      }
    }
  }

  private void subset() {
    double share = SHARES[random.nextInt(SHARES.length)];
    Map<Inode, List<Change>> byFile = new LinkedHashMap<>();
    for (Change change : unforced) {
      if (change instanceof Change.Sector sector) {
        byFile.computeIfAbsent(sector.inode(), inode -> new ArrayList<>()).add(sector);
      } else if (change instanceof Change.Cut cut) {
        byFile.computeIfAbsent(cut.inode(), inode -> new ArrayList<>()).add(cut);
      } else if (change instanceof Change.Entry entry && random.nextDouble() < share) {
        SimulatedDisk.apply(entry, directory);
      }
    }
    byFile.forEach((inode, changes) -> subset(inode, changes, share));
  }

  /** Lengths are kept up to a moment of their own; sectors each by chance. */
  private void subset(Inode inode, List<Change> changes, double share) {
    int lengthsUpTo =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> changes.size();
          default -> random.nextInt(changes.size() + 1);
        };
    long length = inode.keptLength();
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i) instanceof Change.Sector sector) {
        length = i < lengthsUpTo ? sector.length() : length;
        if (random.nextDouble() < share) {
          inode.keep(sector);
        }
      } else if (changes.get(i) instanceof Change.Cut cut && i < lengthsUpTo) {
        inode.keep(cut);
        length = cut.length();
      }
    }
    inode.keepLength(length);
  }
}
