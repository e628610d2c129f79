package idserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.Tally;
import idserver.rule.Ids;
import idserver.timeid.TimeIdFormat;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

class IdResourceTest {
  private static final String SUCCESS =
      "{\"code\":0,\"message\":\"success\",\"data\":\"505140001\"}";

  private final FakeService service = new FakeService();

  /** What has been handed to the threads for late answers. */
  private final Queue<Runnable> late = new ArrayDeque<>();

  private final IdResource resource = new IdResource(service, new Tally(), late::add);

  /** A service that does as the test says. */
  private static final class FakeService implements IdService {
    Consumer<Receiver> onIssue = receiver -> receiver.issued(Ids.of(List.of("505140001")));
    @Nullable IdRequest last;

    @Override
    public void issue(IdRequest request, Receiver receiver) {
      last = request;
      onIssue.accept(receiver);
    }

    @Override
    public void monitor(CounterKey key, MonitorReceiver receiver) {
      receiver.counted(3, 1);
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

  private CompletableFuture<Response> issue() {
    return resource.issue("o2o", "test", null, null, null).toCompletableFuture();
  }

  private CompletableFuture<Response> ask(String body) throws IOException {
    CompletionStage<Response> answer = resource.ask(new ByteArrayInputStream(body.getBytes(UTF_8)));
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
