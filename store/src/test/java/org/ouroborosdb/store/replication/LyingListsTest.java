package org.ouroborosdb.store.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;

/** Peers that send more than anybody keeps, the same again, or less than there is. */
class LyingListsTest extends LyingPeers {
  @Test
  void records_of_more_bytes_than_an_answer_or_an_event_has_are_refused() {
    refused(
        new Liar() {
          @Override
          public List<byte[]> records(long[] seqs) {
            List<byte[]> records = new ArrayList<>(super.records(seqs));
            records.set(1, new byte[Peer.MOST_BYTES]);
            return records;
          }
        });
    refused(
        new Liar() {
          @Override
          public List<byte[]> records(long[] seqs) {
            return List.of(new byte[Limits.MAX_EVENT_RECORD_BYTES + 1]);
          }
        });
  }

  /** Lists more events than anybody keeps a list of, all of one range, and answers for none. */
  private final class Inventor extends Liar {
    private static final int EVENTS_INVENTED = 140_000;

    private Changed invented(long number) {
      return new Changed(number, false, number, 0);
    }

    private SetDigest all() {
      SetDigest all = SetDigest.EMPTY;
      for (int i = 1; i <= EVENTS_INVENTED; i++) {
        all = all.with(invented(i));
      }
      return all;
    }

    @Override
    public State state() {
      State state = super.state();
      return new State(state.storeId(), invented(EVENTS_INVENTED), all(), SetDigest.EMPTY);
    }

    @Override
    public List<Changed> changes(long after, int most) {
      return List.of();
    }

    @Override
    public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
      return ranges.stream().map(range -> range.contains(1) ? all() : SetDigest.EMPTY).toList();
    }

    @Override
    public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
      long from = after == null ? 1 : after.seq() + 1;
      return LongStream.range(from, Math.min(from + most, EVENTS_INVENTED + 1))
          .mapToObj(this::invented)
          .toList();
    }
  }

  @Test
  void more_differences_than_memory_is_given_for_are_looked_for_otherwise_and_refused() {
    pull(new Liar());
    refused(new Inventor());
  }

  @Test
  void an_event_that_is_sent_under_two_numbers_is_stored_once_and_its_peer_refused() {
    refused(
        new Liar() {
          @Override
          public List<Changed> changes(long after, int most) {
            List<Changed> changes = new ArrayList<>(super.changes(after, most));
            if (changes.size() > 5) {
              Changed fourth = changes.get(4);
              long next = changes.get(5).seq();
              changes.set(5, new Changed(next, false, fourth.high(), fourth.low()));
            }
            return changes;
          }

          @Override
          public List<byte[]> records(long[] seqs) {
            return super.records(Arrays.stream(seqs).map(seq -> seq == 6 ? 5 : seq).toArray());
          }
        });
  }

  @Test
  void a_root_that_is_not_listed_is_asked_for_by_its_id() {
    pull(
        new Liar() {
          @Override
          public List<Changed> changes(long after, int most) {
            return super.changes(Math.max(1, after), most);
          }
        });
    try (Snapshot here = store.snapshot();
        Snapshot there = honest.snapshot()) {
      assertEquals(EVENTS, here.eventCount());
      EventRow root = there.roots().first().orElseThrow();
      assertEquals(root.id(), here.roots().first().orElseThrow().id());
    }
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }
}
