package idserver.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A server over HTTP. Confined to the client's thread; answers are brought back to it. */
final class HttpPort extends Port {
  private final Loop loop;
  private final HttpClient http;
  private final URI ids;

  HttpPort(
      ServerAddress server,
      int number,
      Health health,
      ClientSettings settings,
      Loop loop,
      HttpClient http) {
    super(server.http(), number, health, settings.httpTimeout());
    this.loop = loop;
    this.http = http;
    this.ids = URI.create(server.http() + "/ids");
  }

  @Override
  boolean isHttp() {
    return true;
  }

  @Override
  void send(Try asking, Question question) {
    HttpRequest request =
        HttpRequest.newBuilder(ids)
            .header("Content-Type", "application/json")
            .timeout(timeout())
            .POST(BodyPublishers.ofByteArray(question.bytes(asking.seq)))
            .build();
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request, BodyHandlers.ofString());
    asking.exchange = exchange;
    CompletableFuture<HttpResponse<String>> unused =
        exchange.whenComplete(
            (response, failure) -> loop.post(() -> ended(asking, response, failure)));
  }

  private static void ended(
      Try asked, @Nullable HttpResponse<String> response, @Nullable Throwable failure) {
    if (response == null) {
      asked.call.failed(asked, reason(failure));
      return;
    }
    Answer answer = Answer.of(response.body());
    if (answer == null || (answer.seq() >= 0 && answer.seq() != asked.seq)) {
      asked.call.failed(asked, "HTTP status " + response.statusCode() + ", not an id server");
      return;
    }
    asked.call.answered(asked, answer);
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    if (cause instanceof ConnectException) {
      return "nobody listens there";
    }
    return cause instanceof IOException ? String.valueOf(cause.getMessage()) : "" + cause;
  }

  @Override
  void forget(Try asked) {
    if (asked.exchange != null) {
      asked.exchange.cancel(true);
    }
  }

  @Override
  public void close() {}
}
