package idserver.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;

/** What Prometheus's own clients tell of a process and its JVM. Stateless. */
final class JvmMetrics {
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  private JvmMetrics() {}

  static void write(PrometheusText text) {
    process(text);
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Memory that is used.")
        .is(Map.of("area", "heap"), heap.getUsed())
        .is(Map.of("area", "nonheap"), other.getUsed());
    text.gauge("jvm_memory_max_bytes", "Memory that may be used; -1 without a limit.")
        .is(Map.of("area", "heap"), heap.getMax())
        .is(Map.of("area", "nonheap"), other.getMax());
    text.gauge("jvm_threads_current", "Threads that live.")
        .is(ManagementFactory.getThreadMXBean().getThreadCount());
    text.summary("jvm_gc_collection_seconds", "Time spent in garbage collections.");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      text.are(
          Map.of("gc", collector.getName()),
          collector.getCollectionCount(),
          collector.getCollectionTime() / MILLIS);
    }
  }

  private static void process(PrometheusText text) {
    text.gauge("process_start_time_seconds", "When the process started, since 1970 UTC.")
        .is(ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      text.counter("process_cpu_seconds_total", "Processor time that the process has used.")
          .is(system.getProcessCpuTime() / NANOS);
      text.gauge("process_open_fds", "Open files and sockets.")
          .is(system.getOpenFileDescriptorCount());
      text.gauge("process_max_fds", "How many files and sockets may be open.")
          .is(system.getMaxFileDescriptorCount());
    }
  }
}
