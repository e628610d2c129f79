package idserver.udp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import idserver.counter.CounterKey;
import idserver.issue.DatedRequest;
import idserver.issue.Desk;
import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.SettleReceiver;
import idserver.issue.Tally;
import idserver.rule.Ids;
import idserver.testing.FreePorts;
import idserver.timeid.TimeIdFormat;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpListenerTest {
  private static final String GET =
      "{\"action\":\"get\",\"rule_name\":\"o2o\",\"app_name\":\"test\"}";
  private static final String ID = "505140001";
  private static final String SUCCESS =
      "{\"code\":0,\"message\":\"success\",\"data\":\"505140001\"}";
  private static final int LARGEST = 1400;

  /** A service that does as the test says. */
  private static final class FakeService implements IdService {
    volatile BiConsumer<IdRequest, Receiver> onIssue =
        (request, receiver) -> receiver.issued(Ids.of(Collections.nCopies(request.count(), ID)));
    volatile int idLength = ID.length();
    volatile @Nullable IdRequest last;
    volatile String lastRequestId = "";
    volatile @Nullable LocalDate lastDay;

    @Override
    public void issue(IdRequest request, Receiver receiver) {
      last = request;
      onIssue.accept(request, receiver);
    }

    @Override
    public void issue(String requestId, IdRequest request, Receiver receiver) {
      lastRequestId = requestId;
      issue(request, receiver);
    }

    @Override
    public void issue(DatedRequest dated, Receiver receiver) {
      lastDay = dated.bizDate();
      issue(dated.requestId(), dated.request(), receiver);
    }

    @Override
    public void monitor(CounterKey key, MonitorReceiver receiver) {
      if (key.app().equals("test")) {
        receiver.counted(3, 1);
      } else {
        receiver.refused(new Refusal(RefusalKind.NOT_FOUND, "never used: " + key.app()));
      }
    }

    @Override
    public void confirm(
        CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
      lastRequestId = requestId;
      receiver.confirmed(Ids.of(List.of("INV-7")));
    }

    @Override
    public void cancel(
        CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
      lastRequestId = requestId;
      receiver.cancelled();
    }

    @Override
    public int idLength(String ruleName) {
      return idLength;
    }

    @Override
    public Optional<TimeIdFormat> timeIdFormat(String ruleName) {
      return Optional.empty();
    }
  }

  /** A desk that leaves it to the service. */
  private record FakeDesk(IdService service) implements Desk {
    @Override
    public boolean issue(
        CounterKey key, String salt, int count, long patienceNanos, Receiver receiver) {
      service.issue(new IdRequest(key, salt, count, patienceNanos), receiver);
      return false;
    }

    @Override
    public boolean issue(
        String requestId,
        CounterKey key,
        String salt,
        int count,
        long patienceNanos,
        Receiver receiver) {
      service.issue(requestId, new IdRequest(key, salt, count, patienceNanos), receiver);
      return false;
    }

    @Override
    public boolean issue(DatedRequest request, Receiver receiver) {
      service.issue(request, receiver);
      return false;
    }
  }

  private final FakeService service = new FakeService();
  private final Tally tally = new Tally();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final UdpAdapter adapter =
      new UdpAdapter(
          loop ->
              new Thread(
                  () -> {
                    loop.run();
                    ended.countDown();
                  }),
          service,
          () -> new FakeDesk(service),
          tally);
  private @Nullable UdpListener listener;
  private @Nullable DatagramSocket client;
  private int port;

  @BeforeEach
  void open() throws IOException {
    port = FreePorts.next();
    listener = adapter.activate(new UdpSettings("127.0.0.1", port, 1, 0));
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(10_000);
    client = socket;
  }

  @AfterEach
  void close() {
    client().close();
    adapter.deactivate(listener());
  }

  private UdpListener listener() {
    return Objects.requireNonNull(listener);
  }

  private DatagramSocket client() {
    return Objects.requireNonNull(client);
  }

  private void send(byte[] datagram) throws IOException {
    client()
        .send(
            new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
  }

  private void send(String datagram) throws IOException {
    send(datagram.getBytes(UTF_8));
  }

  private byte[] receive() throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
    client().receive(answer);
    assertThat(answer.getPort()).isEqualTo(port);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  private String ask(String request) throws IOException {
    send(request);
    return new String(receive(), UTF_8);
  }

  @Test
  void handsOnTheRequestIdAndAnswersAsWithoutOne() throws IOException {
    assertThat(ask(GET.replace("}", ",\"request_id\":\"r1\",\"seq\":1}")))
        .isEqualTo(SUCCESS.replace("}", ",\"seq\":1}"));
    assertThat(service.lastRequestId).isEqualTo("r1");
  }

  @Test
  void handsOnTheBusinessDayAndAnswersAsWithoutOne() throws IOException {
    assertThat(ask(GET.replace("}", ",\"biz_date\":\"2026-11-22\",\"seq\":1}")))
        .isEqualTo(SUCCESS.replace("}", ",\"seq\":1}"));
    assertThat(service.lastDay).isEqualTo(LocalDate.of(2026, 11, 22));
    assertThat(service.last).extracting(r -> r.key().app()).isEqualTo("test");
  }

  @Test
  void answersTheDocumentsRequestAsTheDocumentSays() throws Exception {
    assertThat(ask(GET)).isEqualTo(SUCCESS);
    assertThat(service.last)
        .extracting(r -> r.key().rule(), r -> r.key().app(), IdRequest::salt, IdRequest::count)
        .containsExactly("o2o", "test", "", 1);
  }

  @Test
  void answersTheDocumentsMonitorRequestAsTheDocumentSays() throws Exception {
    assertThat(ask("{\"action\":\"monitor\",\"rule_name\":\"o2o\",\"app_name\":\"test\"}"))
        .isEqualTo("{\"code\":0,\"message\":\"ok\",\"data\":{\"counter\":3,\"node_offset\":1}}");
  }

  @Test
  void answersConfirmWithTheIdAndCancelWithout() throws Exception {
    String confirm =
        "{\"action\":\"confirm\",\"rule_name\":\"o2o\",\"app_name\":\"test\",\"request_id\":\"r\"}";

    assertThat(ask(confirm)).isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":\"INV-7\"}");
    assertThat(service.lastRequestId).isEqualTo("r");
    assertThat(ask(confirm.replace("confirm", "cancel")))
        .isEqualTo("{\"code\":0,\"message\":\"ok\"}");
  }

  @Test
  void refusesWithTheReason() throws Exception {
    String request =
        "{\"action\":\"monitor\",\"rule_name\":\"o2o\",\"app_name\":\"new\",\"seq\":7}";

    assertThat(ask(request + " ".repeat(20)))
        .isEqualTo(
            "{\"code\":404,\"error\":\"NOT_FOUND\",\"message\":\"never used: new\",\"seq\":7}");
    // as much of it as the request was long
    assertThat(ask(request)).hasSize(request.length()).contains("\"message\":\"never u");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"x\"", "1e999999999", "null", "[1, 2]", "{\"a\":\"\\u00e4\"}"})
  void echoesSeqAsItWasSent(String seq) throws Exception {
    assertThat(ask(GET.replace("}", ",\"seq\":" + seq + "}")))
        .isEqualTo(SUCCESS.substring(0, SUCCESS.length() - 1) + ",\"seq\":" + seq + "}");
  }

  @Test
  void aCountIsAnsweredWithAListEvenOfOne() throws Exception {
    assertThat(ask(GET.replace("}", ",\"count\":1}")))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[\"505140001\"]}");
    assertThat(ask(GET.replace("}", ",\"count\":2}")))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[\"505140001\",\"505140001\"]}");
  }

  @Test
  void whatIsNotAnObjectIsDroppedAndCounted() throws Exception {
    send("");
    send("[1]");
    send("hello");
    send(new byte[] {0, 1, 2, (byte) 0xff});
    send("{\"a\":\"" + "x".repeat(LARGEST) + "\"}");
    send(new byte[60_000]);

    assertThat(ask(GET)).isEqualTo(SUCCESS);
    assertThat(listener().dropped()).isEqualTo(6);
    assertThat(listener().received()).isEqualTo(7);
  }

  @Test
  void aDatagramOfTheLargestSizeIsAnsweredAndOneByteMoreIsNot() throws Exception {
    String padded = GET + " ".repeat(LARGEST - GET.length());

    send(padded + " ");
    assertThat(ask(padded)).isEqualTo(SUCCESS);
    assertThat(listener().dropped()).isEqualTo(1);
  }

  @Test
  void anErrorThatDoesNotFitTheRequestIsDroppedAndCounted() throws Exception {
    send("{}");

    assertThat(ask(GET)).isEqualTo(SUCCESS);
    assertThat(listener().dropped()).isEqualTo(1);
  }

  static LongStream seeds() {
    return LongStream.of(1, 2, ThreadLocalRandom.current().nextLong(1_000_000_000));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anErrorIsNeverLongerThanTheRequest(long seed) throws Exception {
    RandomGenerator random = new SplittableRandom(seed);
    service.onIssue =
        (request, receiver) -> receiver.refused(new Refusal(kind(request), "\u00e4\n".repeat(99)));
    for (int run = 0; run < 500; run++) {
      byte[] request = damaged(random);
      long dropped = listener().dropped();
      long received = listener().received();
      send(request);
      // its answer, or else that of the next request, whose error fits for sure
      String next = "{\"action\":\"none\",\"seq\":" + run + "}" + " ".repeat(500);
      send(next);
      String answer = new String(receive(), UTF_8);
      if (answer.endsWith(",\"seq\":" + run + "}")) {
        assertThat(listener().dropped()).isEqualTo(dropped + 1);
      } else {
        assertThat(answer.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(request.length);
        assertThat(answer).startsWith("{\"code\":").doesNotStartWith("{\"code\":0");
        assertThat(new String(receive(), UTF_8)).endsWith(",\"seq\":" + run + "}");
      }
      assertThat(listener().received()).isEqualTo(received + 2);
    }
  }

  @Test
  void whoSendsBadRequestsIsToldSoManyTimesAndRefusalsOfTheServerAreAlwaysTold() throws Exception {
    adapter.deactivate(listener());
    // of one error a second a burst of two
    UdpListener limited = adapter.activate(new UdpSettings("127.0.0.1", port, 1, 1));
    try {
      String bad = "{\"action\":\"none\"}" + " ".repeat(100);
      assertThat(ask(bad)).contains("UNKNOWN_ACTION");
      assertThat(ask(bad)).contains("UNKNOWN_ACTION");
      for (int i = 0; i < 100; i++) {
        send(bad);
      }
      await().until(() -> limited.received() == 102);

      for (RefusalKind kind : RefusalKind.values()) {
        service.onIssue = (request, receiver) -> receiver.refused(new Refusal(kind, "so"));
        if (!kind.isOfTheRequest()) {
          for (int i = 0; i < 10; i++) {
            String answer = ask(GET + " ".repeat(50));
            while (answer.contains("UNKNOWN_ACTION")) {
              // a second has gone by meanwhile, and one more was told
              answer = new String(receive(), UTF_8);
            }
            assertThat(answer).as("refusal %d", i).contains(kind.name());
          }
        }
      }
      assertThat(limited.suppressed()).isBetween(1L, 100L);
      assertThat(limited.dropped()).isZero();
    } finally {
      adapter.deactivate(limited);
    }
  }

  private static RefusalKind kind(IdRequest request) {
    RefusalKind[] kinds = RefusalKind.values();
    return kinds[request.key().app().length() % kinds.length];
  }

  private static byte[] damaged(RandomGenerator random) {
    String request =
        "{\"action\":\"get\",\"rule_name\":\"%s\",\"app_name\":\"%s\",\"seq\":\"%s\"}"
            .formatted(
                "r".repeat(random.nextInt(20)),
                "a".repeat(random.nextInt(60)),
                "s".repeat(random.nextInt(60)));
    byte[] bytes = request.getBytes(UTF_8);
    for (int damage = random.nextInt(3); damage > 0; damage--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 64, 256})
  void aCountThatDoesNotFitIsRefusedWithTheLargestThatDoes(int idLength) throws Exception {
    String id = "i".repeat(idLength);
    service.idLength = idLength;
    service.onIssue =
        (request, receiver) -> receiver.issued(Ids.of(Collections.nCopies(request.count(), id)));
    String request = GET + " ".repeat(50);

    Matcher told =
        Pattern.compile("\"BAD_FIELD\",\"message\":\"count: at most (\\d+) fit a datagram\"")
            .matcher(ask(request.replace("}", ",\"count\":1000}")));
    assertThat(told.find()).isTrue();
    int most = Integer.parseInt(told.group(1));

    String answer = ask(request.replace("}", ",\"count\":" + most + "}"));
    assertThat(answer).startsWith("{\"code\":0").hasSizeBetween(LARGEST - idLength - 2, LARGEST);
    assertThat(ask(request.replace("}", ",\"count\":" + (most + 1) + "}")))
        .contains("count: at most " + most + " fit");
  }

  @Test
  void idsThatHaveGrownAreRefusedWithTheLargestCountThatFits() throws Exception {
    service.idLength = 1;
    service.onIssue =
        (request, receiver) ->
            receiver.issued(Ids.of(Collections.nCopies(request.count(), "i".repeat(100))));
    String request = GET + " ".repeat(50);

    assertThat(ask(request.replace("}", ",\"count\":100}")))
        .contains("count: at most 13 fit a datagram");
    assertThat(ask(request.replace("}", ",\"count\":13}"))).startsWith("{\"code\":0");
  }

  @Test
  void anAnswerMayComeFromAnotherThreadAndLater() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    service.onIssue =
        (request, receiver) -> {
          if (request.salt().equals("later")) {
            asked.countDown();
            new Thread(
                    () -> {
                      awaitUninterrupted(go);
                      receiver.issued(Ids.of(List.of("late")));
                    })
                .start();
          } else {
            receiver.issued(Ids.of(List.of("soon")));
          }
        };

    send(GET.replace("}", ",\"salt\":\"later\"}"));
    asked.await();
    assertThat(ask(GET)).contains("\"soon\"");
    go.countDown();
    assertThat(new String(receive(), UTF_8)).contains("\"late\"");
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServiceThatThrowsIsARefusalAndTheLoopGoesOn() throws Exception {
    service.onIssue =
        (request, receiver) -> {
          throw new IllegalStateException("a fault, as the test wants it");
        };
    assertThat(ask(GET)).contains("RULE_ERROR");

    service.onIssue = (request, receiver) -> receiver.issued(Ids.of(List.of(ID)));
    assertThat(ask(GET)).isEqualTo(SUCCESS);
  }

  @Test
  void anAnswerAfterTheCloseIsForgotten() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Receiver[] waiting = new Receiver[1];
    service.onIssue =
        (request, receiver) -> {
          waiting[0] = receiver;
          asked.countDown();
        };
    send(GET);
    asked.await();
    adapter.deactivate(listener());

    waiting[0].issued(Ids.of(List.of(ID)));
    assertThat(listener().isOpen()).isFalse();
  }

  @Test
  void whatHasComeBeforeTheCloseIsAnswered() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    service.onIssue =
        (request, receiver) -> {
          busy.countDown();
          awaitUninterrupted(goOn);
          receiver.issued(Ids.of(List.of(ID)));
        };
    send(GET);
    busy.await();
    for (int i = 0; i < 100; i++) {
      send(GET);
    }
    Thread closer = new Thread(() -> adapter.deactivate(listener()));
    closer.start();
    await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);

    goOn.countDown();

    for (int i = 0; i < 101; i++) {
      assertThat(new String(receive(), UTF_8)).isEqualTo(SUCCESS);
    }
    closer.join();
    assertThat(listener().isOpen()).isFalse();
    assertThat(listener().received()).isEqualTo(101);
  }

  /** While the service is held up many come, and are then received and answered together. */
  @Test
  void eachOfManyThatComeTogetherHasItsOwnAnswer() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ExecutorService others = Executors.newSingleThreadExecutor();
    service.onIssue =
        (request, receiver) -> {
          busy.countDown();
          awaitUninterrupted(goOn);
          Ids ids = Ids.of(List.of("id-" + request.salt()));
          switch (Integer.parseInt(request.salt()) % 4) {
            case 0 -> receiver.issued(ids);
            case 1 -> others.execute(() -> receiver.issued(ids));
            case 2 -> receiver.refused(new Refusal(RefusalKind.NOT_READY, request.salt()));
            default -> throw new IllegalStateException("a fault, as the test wants it");
          }
        };
    Map<Integer, String> wanted = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      send(GET.replace("}", ",\"seq\":" + i + ",\"salt\":\"" + i + "\"}"));
      wanted.put(i, i % 4 < 2 ? "id-" + i : i % 4 == 2 ? "NOT_READY" : "RULE_ERROR");
      if (i % 10 == 0) {
        send("no object");
        send(new byte[LARGEST + 1]);
      }
      if (i == 0) {
        busy.await();
      }
    }
    goOn.countDown();

    Map<Integer, String> told = new HashMap<>();
    while (told.size() < wanted.size()) {
      JsonObject answer = Json.createReader(new ByteArrayInputStream(receive())).readObject();
      String before =
          told.put(answer.getInt("seq"), answer.getString("data", answer.getString("error", "")));
      assertThat(before).as("a second answer: %s", answer).isNull();
    }
    others.shutdown();
    assertThat(told).isEqualTo(wanted);
    await().until(() -> tally.figures().served() == 100);
    assertThat(tally.figures().ids()).isEqualTo(100);
    assertThat(tally.figures().refused().get(RefusalKind.NOT_READY)).isEqualTo(50);
    assertThat(tally.figures().refused().get(RefusalKind.RULE_ERROR)).isEqualTo(50);
    assertThat(listener().received()).isEqualTo(240);
    assertThat(listener().dropped()).isEqualTo(40);
  }

  @Test
  void closingEndsTheThreadAndFreesTheAddress() throws Exception {
    assertThat(listener().isOpen()).isTrue();

    adapter.deactivate(listener());
    adapter.deactivate(listener());

    ended.await();
    assertThat(listener().isOpen()).isFalse();
    try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void anAddressThatIsTakenIsToldInOneLine() {
    assertThatThrownBy(() -> adapter.activate(new UdpSettings("127.0.0.1", port, 1, 0)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "UDP 127.0.0.1:"
                + port
                + " cannot be had: Address already in use. Stop what listens there, or change"
                + " service_host and service_port.");
  }

  @Test
  void anAddressOfAnotherMachineIsToldInOneLine() {
    assertThatThrownBy(() -> adapter.activate(new UdpSettings("192.0.2.1", port, 1, 0)))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith("UDP 192.0.2.1:" + port + " cannot be had: ")
        .doesNotContain("\n");
  }

  @Test
  void settingsThatCannotBeAreTold() {
    assertThat(new UdpSettings("127.0.0.1", 1200, 4, 1000).validate()).isEmpty();
    assertThat(new UdpSettings("no.such.host", 0, 65, -1).validate())
        .satisfiesExactly(
            fault -> assertThat(fault).startsWith("service_port: ").endsWith(": 0"),
            fault -> assertThat(fault).startsWith("udp_threads: ").endsWith(": 65"),
            fault -> assertThat(fault).startsWith("udp_errors_per_second: ").endsWith(": -1"),
            fault -> assertThat(fault).startsWith("service_host: ").endsWith(": no.such.host"));
  }

  @Test
  void severalThreadsShareTheClientsOfOneAddress() throws Exception {
    adapter.deactivate(listener());
    Set<String> threads = ConcurrentHashMap.newKeySet();
    service.onIssue =
        (request, receiver) -> {
          threads.add(Thread.currentThread().getName());
          receiver.issued(Ids.of(List.of(ID)));
        };
    UdpListener shared = adapter.activate(new UdpSettings("127.0.0.1", port, 3, 0));
    int asked = 0;
    while (threads.size() < 3 && asked < 1000) {
      try (DatagramSocket one = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        one.setSoTimeout(10_000);
        byte[] get = GET.getBytes(UTF_8);
        one.send(new DatagramPacket(get, get.length, InetAddress.getLoopbackAddress(), port));
        one.receive(new DatagramPacket(new byte[LARGEST], LARGEST));
        asked++;
      }
    }

    assertThat(threads).hasSize(3);
    assertThat(shared.received()).isEqualTo(asked);
    assertThat(shared.dropped()).isZero();
    assertThatThrownBy(() -> adapter.activate(new UdpSettings("127.0.0.1", port, 3, 0)))
        .hasMessageContaining("Address already in use");
    assertThatThrownBy(() -> adapter.activate(new UdpSettings("127.0.0.1", port, 1, 0)))
        .hasMessageContaining("Address already in use");

    adapter.deactivate(shared);
    assertThat(shared.isOpen()).isFalse();
    try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
  }
}
