package idserver.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Asks a server over many sockets, in one thread that never sleeps: it is to have a core to itself.
 * Prints one line of {@code name=value}: what it measured, and whether any id came twice. Arguments
 * as {@link LoadPlan#parse} has them.
 *
 * <p>With a rate, the time of an answer is counted from when its request was due, so that a server
 * that holds up the load does not hide it.
 */
public final class UdpLoad {
  /** A request without an answer for so long is lost. */
  private static final long LOST_NANOS = 500_000_000;

  /** The sequence number of a request is its place among those outstanding, in so many digits. */
  private static final int SEQ_DIGITS = 7;

  private static final int FIRST_SEQ = 1_000_000;
  private static final int BUFFER = 4 << 20;
  private static final byte[] DATA = "\"data\":".getBytes(US_ASCII);
  private static final byte[] CODE_0 = "{\"code\":0,".getBytes(US_ASCII);

  private final LoadPlan plan;
  private final DatagramChannel[] channels;
  private final ByteBuffer[] requests;
  private final ByteBuffer answer = ByteBuffer.allocateDirect(2048);
  private final byte[] bytes = new byte[2048];
  private final Histogram latencies = new Histogram(60_000_000_000L, 3);
  private final IdLog ids = new IdLog();

  /** When the request of each place was sent, or was due; 0 when the place is free. */
  private final long[] sentNanos;

  private final int places;
  private boolean counting;
  private long answered;
  private long answers;
  private long refused;
  private long lost;
  private long unsent;

  private UdpLoad(LoadPlan plan) throws IOException {
    this.plan = plan;
    // a rate needs places for all that may be outstanding until it is known to be lost
    places = plan.rate() > 0 ? Math.max(64, plan.rate() / plan.sockets()) : plan.window();
    channels = new DatagramChannel[plan.sockets()];
    requests = new ByteBuffer[plan.sockets()];
    sentNanos = new long[plan.sockets() * places];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = DatagramChannel.open();
      channels[i].setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
      channels[i].setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
      channels[i].connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port()));
      channels[i].configureBlocking(false);
      requests[i] = ByteBuffer.allocateDirect(512).put(request()).flip();
    }
  }

  private byte[] request() {
    String count = plan.count() == 0 ? "" : ",\"count\":" + plan.count();
    String text =
        "{\"action\":\"get\",\"rule_name\":\"%s\",\"app_name\":\"%s\"%s,\"seq\":%d}"
            .formatted(plan.rule(), plan.app(), count, FIRST_SEQ);
    return text.getBytes(US_ASCII);
  }

  public static void main(String[] args) throws IOException {
    LoadPlan plan = LoadPlan.parse(args);
    try (Allocation allocation = plan.allocation() ? Allocation.of(plan.pid()) : Allocation.NONE) {
      System.out.println(new UdpLoad(plan).run(allocation));
    }
  }

  private String run(Allocation allocation) throws IOException {
    long allocatedBefore = allocation.bytes();
    long start = System.nanoTime();
    long counts = start + plan.warmUpMs() * 1_000_000L;
    long end = counts + plan.runMs() * 1_000_000L;
    drive(start, counts);
    counting = true;
    long cpuBefore = ProcessCpu.micros(plan.pid());
    long began = System.nanoTime();
    drive(began, end);
    double seconds = (System.nanoTime() - began) / 1e9;
    long cpu = ProcessCpu.micros(plan.pid()) - cpuBefore;
    long counted = answered;
    counting = false;
    awaitRest();
    long allocated = allocation.bytes() - allocatedBefore;
    return String.format(
        Locale.ROOT,
        "rate=%.0f ids_rate=%.0f cpu_us=%.3f alloc_bytes=%d p50_us=%.1f p90_us=%.1f p99_us=%.1f p999_us=%.1f"
            + " max_us=%.1f answered=%d refused=%d lost=%d unsent=%d ids=%d duplicates=%d",
        counted / seconds,
        counted * (double) Math.max(1, plan.count()) / seconds,
        cpu / (double) Math.max(1, counted),
        allocated / Math.max(1, answers),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(90) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        latencies.getMaxValue() / 1e3,
        counted,
        refused,
        lost,
        unsent,
        ids.size(),
        ids.duplicates());
  }

  private void drive(long from, long until) throws IOException {
    if (plan.rate() > 0) {
      driveAtRate(from, until);
    } else {
      driveByAnswers(until);
    }
  }

  private void driveByAnswers(long until) throws IOException {
    for (int socket = 0; socket < channels.length; socket++) {
      for (int place = 0; place < places; place++) {
        if (sentNanos[socket * places + place] == 0) {
          send(socket, place, System.nanoTime());
        }
      }
    }
    long nextLook = System.nanoTime() + LOST_NANOS;
    while (true) {
      for (int socket = 0; socket < channels.length; socket++) {
        for (int place = receive(socket); place >= 0; place = receive(socket)) {
          send(socket, place, System.nanoTime());
        }
      }
      long now = System.nanoTime();
      if (now >= until) {
        return;
      }
      if (now >= nextLook) {
        nextLook = now + LOST_NANOS;
        resendLost(now);
      }
    }
  }

  private void resendLost(long now) throws IOException {
    for (int i = 0; i < sentNanos.length; i++) {
      if (now - sentNanos[i] > LOST_NANOS) {
        lost++;
        send(i / places, i % places, now);
      }
    }
  }

  private void driveAtRate(long from, long until) throws IOException {
    double nanosEach = 1e9 / plan.rate();
    long sent = 0;
    while (true) {
      long due = from + (long) (sent * nanosEach);
      if (due >= until) {
        return;
      }
      for (int socket = 0; socket < channels.length && System.nanoTime() < due; socket++) {
        receiveAll(socket);
      }
      if (System.nanoTime() >= due) {
        int socket = (int) (sent % channels.length);
        int place = (int) (sent / channels.length % places);
        if (sentNanos[socket * places + place] != 0) {
          lost++; // a second ago
        }
        send(socket, place, due);
        sent++;
        receiveAll(socket);
      }
    }
  }

  private void receiveAll(int socket) throws IOException {
    int place;
    do {
      place = receive(socket);
    } while (place >= 0);
  }

  /** What is outstanding at the end is late, and not lost. */
  private void awaitRest() throws IOException {
    long until = System.nanoTime() + LOST_NANOS;
    while (System.nanoTime() < until) {
      for (int socket = 0; socket < channels.length; socket++) {
        receiveAll(socket);
      }
    }
    for (long sent : sentNanos) {
      if (sent != 0) {
        lost++;
      }
    }
  }

  private void send(int socket, int place, long sinceNanos) throws IOException {
    ByteBuffer request = requests[socket];
    int seq = FIRST_SEQ + place;
    // the last digit is before the closing bracket
    for (int i = 0, at = request.limit() - 2; i < SEQ_DIGITS; i++, at--) {
      request.put(at, (byte) ('0' + seq % 10));
      seq /= 10;
    }
    sentNanos[socket * places + place] = sinceNanos;
    try {
      if (channels[socket].write(request.rewind()) == 0) {
        unsent++;
      }
    } catch (PortUnreachableException e) {
      unsent++;
    }
  }

  /** Takes one answer; the place that has become free, or -1 when there is none. */
  private int receive(int socket) throws IOException {
    answer.clear();
    int length;
    try {
      length = channels[socket].read(answer);
    } catch (PortUnreachableException e) {
      return -1;
    }
    if (length <= 0) {
      return -1;
    }
    long now = System.nanoTime();
    answers++;
    answer.get(0, bytes, 0, length);
    int place = seq(length) - FIRST_SEQ;
    long sent = place < 0 || place >= places ? 0 : sentNanos[socket * places + place];
    look();
    if (sent == 0) {
      return receive(socket);
    }
    sentNanos[socket * places + place] = 0;
    if (counting) {
      answered++;
      latencies.recordValue(now - sent);
    }
    return place;
  }

  private int seq(int length) {
    int seq = 0;
    for (int i = length - 1 - SEQ_DIGITS; i < length - 1; i++) {
      seq = seq * 10 + (bytes[i] - '0');
    }
    return seq;
  }

  private void look() {
    if (plan.echo()) {
      return;
    }
    if (!startsWith(CODE_0, 0)) {
      refused++;
      return;
    }
    int at = CODE_0.length;
    while (!startsWith(DATA, at)) {
      at++;
    }
    at += DATA.length;
    if (bytes[at] == '"') {
      addId(at + 1);
      return;
    }
    do {
      at = addId(at + 2) + 1;
    } while (bytes[at] == ',');
  }

  /** Adds the id that begins there; where its closing quote is. */
  private int addId(int from) {
    int to = from;
    while (bytes[to] != '"') {
      to++;
    }
    ids.add(bytes, from, to);
    return to;
  }

  private boolean startsWith(byte[] what, int at) {
    for (int i = 0; i < what.length; i++) {
      if (bytes[at + i] != what[i]) {
        return false;
      }
    }
    return true;
  }
}
