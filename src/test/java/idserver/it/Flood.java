package idserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.testing.Jvm;
import idserver.testing.Reaper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Datagrams that no client would send: noise, and requests that were damaged, cut off, doubled or
 * blown up. The same seed makes the same ones. Confined to one thread.
 */
final class Flood {
  private static final int LARGEST = 1400;
  private static final int LARGER = 9_000;

  /** Whether a flood gives way to server and client; as it comes it does not. */
  private static final boolean YIELDS = Boolean.getBoolean("flood.yields");

  /** Where it is there: lets a process run only while no other wants to. */
  private static final Path YIELDING = Path.of("/usr/bin/chrt");

  /** After so many the answers are taken away. */
  private static final int BATCH = 64;

  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\"action\"",
    "\"get\"",
    "\"rule_name\"",
    "\"dated\"",
    "\"app_name\"",
    "\"salt\"",
    "\"count\"",
    "\"seq\"",
    "null",
    "true",
    "-",
    "0",
    "1e999999999",
    "1.5",
    "\u0000",
    " ",
    "\n",
    "\u00e4",
    "/*",
    "\uD83D\uDE00"
  };

  private final SplittableRandom random;
  private final String[] rules;
  private long answers;

  /** Floods as a process of its own: {@code Flood <port> <datagrams> <seed> <rule>...}. */
  public static void main(String[] args) throws IOException {
    String[] rules = Arrays.copyOfRange(args, 3, args.length);
    Flood flood = new Flood(Long.parseLong(args[2]), rules);
    flood.send(Integer.parseInt(args[0]), Long.parseLong(args[1]));
    System.out.println(flood.answers());
  }

  Flood(long seed, String... rules) {
    this.random = new SplittableRandom(seed);
    this.rules = rules;
  }

  /**
   * A process that sends so many to that server as quickly as the machine can beside all else, and
   * then tells on its standard output how many answers have come.
   */
  static Process begin(Server server, long datagrams, long seed, String... rules)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(server.settings().udpPort()));
    arguments.add(Long.toString(datagrams));
    arguments.add(Long.toString(seed));
    arguments.addAll(List.of(rules));
    ProcessBuilder command =
        Jvm.of(
            Flood.class.getName(),
            List.of("-XX:TieredStopAtLevel=4"),
            arguments.toArray(String[]::new));
    if (YIELDS && Files.isExecutable(YIELDING)) {
      command.command().addAll(0, List.of(YIELDING.toString(), "--idle", "0"));
    }
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Reaper.watch(process.toHandle());
    return process;
  }

  /** Sends so many to a port of this machine, as quickly as one thread can. */
  void send(int port, long datagrams) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    ByteBuffer answer = ByteBuffer.allocateDirect(LARGER);
    ByteBuffer out = ByteBuffer.allocateDirect(LARGER);
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel.configureBlocking(false);
      for (long sent = 0; sent < datagrams; sent++) {
        channel.send(out.clear().put(next()).flip(), server);
        if (sent % BATCH == 0) {
          while (channel.receive(answer.clear()) != null) {
            check(answer.flip());
          }
        }
      }
    }
  }

  private void check(ByteBuffer answer) {
    answers++;
    if (answer.remaining() > LARGEST || answer.get(0) != '{') {
      throw new AssertionError("not an answer of the protocol: " + UTF_8.decode(answer));
    }
  }

  /** How many answers have come; most of a flood get lost or have none. */
  long answers() {
    return answers;
  }

  /** The next datagram, of 0 to 9000 bytes. */
  byte[] next() {
    return switch (random.nextInt(16)) {
      case 0 -> noise(random.nextInt(LARGEST + 1));
      case 1 -> new byte[0];
      case 2 -> Arrays.copyOf(request(), LARGEST + 1 + random.nextInt(LARGER - LARGEST));
      case 3 -> request();
      case 4, 5, 6 -> flipped(request());
      case 7, 8 -> cut(request());
      case 9 -> doubled(request());
      case 10 -> nested();
      case 11 -> huge();
      case 12 -> with("app_name", "\"" + "\u00e4".repeat(random.nextInt(600)) + "\"");
      case 13 -> with("salt", "\"" + "\\u0000\\ud800s".repeat(random.nextInt(60)) + "\"");
      case 14 -> with(random.nextBoolean() ? "action" : "seq", pieces(8));
      default -> pieces(1 + random.nextInt(200)).getBytes(UTF_8);
    };
  }

  private byte[] request() {
    return with("seq", Integer.toString(random.nextInt()));
  }

  /** A request of which this member comes last, once more if it is one that a request has. */
  private byte[] with(String member, String value) {
    String json =
        "{\"action\":\"%s\",\"rule_name\":\"%s\",\"app_name\":\"flood %d\",\"%s\":%s}"
            .formatted(
                random.nextInt(8) == 0 ? "monitor" : "get",
                rules[random.nextInt(rules.length)],
                random.nextInt(100),
                member,
                value);
    return json.getBytes(UTF_8);
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    for (int i = 0; i < length; i++) {
      noise[i] = (byte) random.nextInt(256);
    }
    if (length > 0 && random.nextBoolean()) {
      noise[0] = '{';
    }
    return noise;
  }

  private byte[] flipped(byte[] request) {
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return request;
  }

  private byte[] cut(byte[] request) {
    return Arrays.copyOf(request, random.nextInt(request.length));
  }

  /** With a part of it put in once more, somewhere. */
  private byte[] doubled(byte[] request) {
    int from = random.nextInt(request.length);
    int to = from + random.nextInt(request.length - from + 1);
    int at = random.nextInt(request.length + 1);
    ByteBuffer doubled = ByteBuffer.allocate(request.length + to - from);
    doubled.put(request, 0, at).put(request, from, to - from);
    return doubled.put(request, at, request.length - at).array();
  }

  private byte[] nested() {
    int depth = random.nextInt(LARGEST);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    String close = random.nextBoolean() ? "" : open.equals("[") ? "]" : "}";
    return with("seq", open.repeat(depth) + "1" + close.repeat(depth));
  }

  private byte[] huge() {
    String digits = Integer.toString(1 + random.nextInt(9)).repeat(1 + random.nextInt(1200));
    String number =
        switch (random.nextInt(4)) {
          case 0 -> digits;
          case 1 -> "-" + digits;
          case 2 -> "0." + digits;
          default -> "1e" + digits;
        };
    return with(random.nextBoolean() ? "count" : "seq", number);
  }

  private String pieces(int most) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "{" : "");
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
