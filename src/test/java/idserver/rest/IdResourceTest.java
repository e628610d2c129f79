package idserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.issue.DatedRequest;
import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.SettleReceiver;
import idserver.issue.Tally;
import idserver.rule.Ids;
import idserver.timeid.TimeIdFormat;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdResourceTest {
  private static final String SUCCESS =
      "{\"code\":0,\"message\":\"success\",\"data\":\"505140001\"}";

  private static final String GET =
      "{\"action\":\"get\",\"rule_name\":\"o2o\",\"app_name\":\"test\"}";
  private static final String NAMED = GET.replace("}", ",\"request_id\":\"%s\"}");

  private final FakeService service = new FakeService();

  /** What has been handed to the threads for late answers. */
  private final Queue<Runnable> late = new ArrayDeque<>();

  private final IdResource resource = new IdResource(service, new Tally(), late::add);

  /** A service that does as the test says. */
  private static final class FakeService implements IdService {
    Consumer<Receiver> onIssue = receiver -> receiver.issued(Ids.of(List.of("505140001")));
    @Nullable IdRequest last;
    String lastRequestId = "";
    @Nullable LocalDate lastDay;

    @Override
    public void issue(IdRequest request, Receiver receiver) {
      last = request;
      onIssue.accept(receiver);
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
      receiver.counted(3, 1);
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
      return 9;
    }

    @Override
    public Optional<TimeIdFormat> timeIdFormat(String ruleName) {
      return Optional.empty();
    }
  }

  @Test
  void answersOnTheAskingThreadWhenTheIdIsThere() {
    CompletableFuture<Response> answer = issue();

    assertThat(answer).isCompleted();
    assertThat(late).isEmpty();
    assertThat(text(answer)).isEqualTo(SUCCESS);
  }

  @Test
  void settlesByTheNameInTheQueryOrInTheHeader() {
    assertThat(text(settled(resource.confirm("o2o", "test", "r", "7", null))))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":\"INV-7\",\"seq\":7}");
    assertThat(service.lastRequestId).isEqualTo("r");
    assertThat(text(settled(resource.cancel("o2o", "test", null, null, "\"h\""))))
        .isEqualTo("{\"code\":0,\"message\":\"ok\"}");
    assertThat(service.lastRequestId).isEqualTo("h");
    assertThat(settled(resource.cancel("o2o", "test", "a", null, "b")).join().getStatus())
        .isEqualTo(400);
    assertThat(settled(resource.confirm("o2o", "", "a", null, null)).join().getStatus())
        .isEqualTo(400);
  }

  private static CompletableFuture<Response> settled(CompletionStage<Response> answer) {
    return answer.toCompletableFuture();
  }

  @Test
  void givesTheThreadBackWhileTheRequestIsParked() {
    Parked parked = park();

    assertThat(parked.answer).isNotDone();
    assertThat(late).isEmpty();
  }

  @Test
  void hasAnotherThreadSendTheAnswerOfAParkedRequestThanTheOneThatBringsIt() {
    Parked parked = park();

    parked.receiver.issued(Ids.of(List.of("505140001")));

    assertThat(parked.answer).isNotDone();
    late.remove().run();
    assertThat(text(parked.answer)).isEqualTo(SUCCESS);
  }

  @Test
  void hasAnotherThreadSendTheRefusalOfAParkedRequest() {
    Parked parked = park();

    parked.receiver.refused(new Refusal(RefusalKind.STORAGE_UNAVAILABLE, "ask another"));

    assertThat(parked.answer).isNotDone();
    late.remove().run();
    assertThat(parked.answer.join().getStatus()).isEqualTo(503);
  }

  @Test
  void saysHowLongTheAnswerIsAndThatNoCacheKeepsIt() {
    Response answer = issue().join();

    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getHeaderString("Content-Length"))
        .isEqualTo(Integer.toString(SUCCESS.length()));
    assertThat(answer.getHeaderString("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.getHeaderString("Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void tellsOnlyThoseWhomLaterMayServeWhenToAskAgain(RefusalKind kind) {
    service.onIssue = receiver -> receiver.refused(new Refusal(kind, "no"));

    Response answer = issue().join();

    boolean passes = kind.code() == 429 || kind.code() == 503;
    assertThat(answer.getStatus()).isEqualTo(kind.code());
    assertThat(answer.getHeaderString("Retry-After")).isEqualTo(passes ? "1" : null);
  }

  @Test
  void waitsAtMostOneAndAHalfSecondsForABlock() {
    assertThat(issue()).isCompleted();

    assertThat(Objects.requireNonNull(service.last).patienceNanos()).isEqualTo(1_500_000_000L);
  }

  @Test
  void takesABodyOfEightKilobytesAndNoMore() throws IOException {
    String request = "{\"action\":\"get\",\"rule_name\":\"o2o\",\"app_name\":\"test\"}";
    String largest = request + " ".repeat(8192 - request.length());

    assertThat(text(ask(largest))).isEqualTo(SUCCESS);
    assertThatThrownBy(() -> ask(largest + " "))
        .isInstanceOfSatisfying(
            WebApplicationException.class,
            refused -> assertThat(refused.getResponse().getStatus()).isEqualTo(413));
  }

  @Test
  void handsOnTheRequestIdFromTheBodyTheQueryOrTheHeader() throws IOException {
    assertThat(text(ask(NAMED.formatted("a"), null))).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEqualTo("a");
    assertThat(text(issueNamed("b", null))).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEqualTo("b");
    assertThat(text(issueNamed(null, "c"))).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEqualTo("c");
    assertThat(text(ask(GET, "\"d \\\" \\\\\""))).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEqualTo("d \" \\");
    assertThat(text(ask(NAMED.formatted("e"), "e"))).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEqualTo("e");
  }

  @Test
  void leavesARequestWithoutRequestIdAlone() {
    assertThat(text(issue())).isEqualTo(SUCCESS);
    assertThat(service.lastRequestId).isEmpty();
  }

  @Test
  void refusesARequestIdThatIsAnotherOneInTheHeader() throws IOException {
    CompletableFuture<Response> answer = ask(NAMED.formatted("a"), "b");
    assertThat(answer.join().getStatus()).isEqualTo(400);
    assertThat(text(answer)).contains("BAD_FIELD").contains("request_id is another one");
    assertThat(service.last).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "\"a", "\"a\"b", "\"a\\b\"", "\"a\\", "é", "a\tb", "\""})
  void refusesAHeaderThatIsNoRequestId(String header) {
    CompletableFuture<Response> answer = issueNamed(null, header);
    assertThat(answer.join().getStatus()).isEqualTo(400);
    assertThat(text(answer)).contains("BAD_FIELD");
    assertThat(service.last).isNull();
  }

  @Test
  void refusesARequestIdThatIsTooLong() {
    assertThat(text(issueNamed(null, "x".repeat(65)))).contains("request_id is longer than 64");
    assertThat(text(issueNamed("x".repeat(65), null))).contains("request_id is longer than 64");
    assertThat(issueNamed("x".repeat(64), null).join().getStatus()).isEqualTo(200);
  }

  @Test
  void handsTheBusinessDayOnFromBodyAndQuery() throws IOException {
    LocalDate day = LocalDate.of(2026, 11, 22);

    assertThat(text(ask(GET.replace("}", ",\"biz_date\":\"2026-11-22\"}")))).isEqualTo(SUCCESS);
    assertThat(service.lastDay).isEqualTo(day);
    assertThat(service.lastRequestId).isEmpty();
    ask(GET.replace("}", ",\"biz_date\":\"2026-11-23\"}"), "\"r-1\"").join();
    assertThat(service.lastDay).isEqualTo(day.plusDays(1));
    assertThat(service.lastRequestId).isEqualTo("r-1");
    assertThat(text(issueOf("2026-11-22"))).isEqualTo(SUCCESS);
    assertThat(service.lastDay).isEqualTo(day);
    assertThat(text(issueOf("2026-02-29")))
        .contains("BAD_FIELD")
        .contains("biz_date must be a day");
  }

  private CompletableFuture<Response> issueOf(String day) {
    return resource.issue("o2o", "test", null, null, null, day, null, null).toCompletableFuture();
  }

  private CompletableFuture<Response> issueNamed(
      @Nullable String requestId, @Nullable String header) {
    return resource
        .issue("o2o", "test", null, null, requestId, null, null, header)
        .toCompletableFuture();
  }

  private CompletableFuture<Response> issue() {
    return resource.issue("o2o", "test", null, null, null, null, null, null).toCompletableFuture();
  }

  private CompletableFuture<Response> ask(String body) throws IOException {
    return ask(body, null);
  }

  private CompletableFuture<Response> ask(String body, @Nullable String header) throws IOException {
    CompletionStage<Response> answer =
        resource.ask(new ByteArrayInputStream(body.getBytes(UTF_8)), header);
    return answer.toCompletableFuture();
  }

  private record Parked(CompletableFuture<Response> answer, Receiver receiver) {}

  /** A request that found no block. */
  private Parked park() {
    Queue<Receiver> receivers = new ArrayDeque<>();
    service.onIssue = receivers::add;
    CompletableFuture<Response> answer = issue();
    return new Parked(answer, receivers.remove());
  }

  private static String text(CompletableFuture<Response> answer) {
    assertThat(answer).isCompleted();
    return new String((byte[]) answer.join().getEntity(), UTF_8);
  }
}
