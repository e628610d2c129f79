package idserver.client;

import java.util.concurrent.atomic.LongAdder;

/** What is counted for the whole client. Thread-safe. */
final class Counts {
  final LongAdder requests = new LongAdder();
  final LongAdder ids = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder failOvers = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder lost = new LongAdder();
}
