package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.simulated.Faults;

/** A disk that fails costs nothing acknowledged; reads go on, and writes when it works again. */
class FailingIoTest {
  private static final int STEPS = 14;
  private static final int DEEP_STEPS = 56;
  private static final int DEEP_SEEDS = 100;
  private static final int LIMITS = 60;

  /** How a disk fails. */
  enum Fault {
    ONE_ERROR(ErrorCode.IO_FAILED, "Input/output error", 1),
    SOME_ERRORS(ErrorCode.IO_FAILED, "Input/output error", 7),
    ERRORS_TO_THE_END(ErrorCode.IO_FAILED, "Input/output error", Integer.MAX_VALUE),
    FULL_ONCE(ErrorCode.DISK_FULL, "No space left on device", 1),
    FULL_FOR_A_WHILE(ErrorCode.DISK_FULL, "No space left on device", 20);

    final ErrorCode code;
    final String message;
    final int calls;

    Fault(ErrorCode code, String message, int calls) {
      this.code = code;
      this.message = message;
      this.calls = calls;
    }
  }

  private static final StoreOptions OPTIONS = StoreOptions.inMemory().withMinFreeBytes(0);

  private static FaultyHistory history(long seed, int steps, ErrorCode expected) {
    return new FaultyHistory(seed, steps, OPTIONS, expected);
  }

  /** Fails at every changing call in turn. */
  static void failEverywhere(long seed, int steps, Fault fault) {
    FaultyHistory sound = history(seed, steps, fault.code);
    long first = sound.disk().faults().changes();
    sound.run();
    long calls = sound.disk().faults().changes() - first;
    for (long call = 0; call < calls; call++) {
      FaultyHistory faulty = history(seed, steps, fault.code);
      faulty.disk().faults().failChanges(call, fault.calls, fault.message);
      try {
        faulty.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(fault + " at call " + call + " of seed " + seed, e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void every_failing_call_costs_nothing_acknowledged(Fault fault) {
    long seed = new Random().nextLong();
    System.out.println("failing I/O " + fault + ": seed " + seed);
    failEverywhere(seed, STEPS, fault);
  }

  private static void fill(long seed, int steps, long minFreeBytes, int limits) {
    FaultyHistory sound = history(seed, steps, ErrorCode.DISK_FULL);
    long first = sound.disk().bytes();
    sound.run();
    long more = sound.disk().bytes() - first;
    for (int i = 0; i < limits; i++) {
      FaultyHistory full =
          new FaultyHistory(
              seed, steps, OPTIONS.withMinFreeBytes(minFreeBytes), ErrorCode.DISK_FULL);
      Faults faults = full.disk().faults();
      faults.limit(first + more * i / limits);
      try {
        full.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "full after " + more * i / limits + " bytes more, seed " + seed, e);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "3000"})
  void a_full_disk_costs_nothing_acknowledged(long minFreeBytes) {
    long seed = new Random().nextLong();
    System.out.println("full disk: seed " + seed);
    fill(seed, STEPS, minFreeBytes, LIMITS);
  }

  @Test
  void every_failing_read_says_so_and_the_next_is_right() {
    RotTarget target = new RotTarget(7);
    long read = 0;
    while (target.failRead(read)) {
      read++;
    }
    assertTrue(read > 0);
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(Fault.class)
  void every_failing_call_of_longer_histories(Fault fault) {
    DeepRun.slices("failing I/O " + fault, DEEP_SEEDS, 1)
        .run(seed -> failEverywhere(seed, DEEP_STEPS, fault));
  }

  @Tag("deep")
  @ParameterizedTest
  @CsvSource({"0", "3000"})
  void disks_that_fill_up_under_longer_histories(long minFreeBytes) {
    DeepRun.slices("full disk, floor " + minFreeBytes, DEEP_SEEDS, LIMITS)
        .run(seed -> fill(seed, DEEP_STEPS, minFreeBytes, LIMITS));
  }
}
