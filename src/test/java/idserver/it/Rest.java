package idserver.it;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A plain HTTP client of one server. Thread-safe. */
final class Rest {
  private static final String JSON = "application/json";

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final int port;
  private final String authorization;

  Rest(int port) {
    this(port, "");
  }

  private Rest(int port, String authorization) {
    this.port = port;
    this.authorization = authorization;
  }

  /** The same with credentials. */
  Rest as(String user, String password) {
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Rest(port, "Basic " + Base64.getEncoder().encodeToString(credentials));
  }

  /** An HTTP answer. */
  record Reply(int status, String body) {
    Answer answer() {
      return Answer.of(body);
    }
  }

  Reply get(String path) throws IOException {
    return send("GET", path, "", JSON);
  }

  Reply post(String path) throws IOException {
    return send("POST", path, "", JSON);
  }

  /** With the header {@code Idempotency-Key}. */
  Reply post(String path, String idempotencyKey) throws IOException {
    return send(request("POST", path, "", JSON).header("Idempotency-Key", idempotencyKey));
  }

  /** The request of UDP, as the body. */
  Reply ask(String request) throws IOException {
    return send("POST", "/ids", request, JSON);
  }

  Reply send(String method, String path, String body, String type) throws IOException {
    return send(request(method, path, body, type));
  }

  private HttpRequest.Builder request(String method, String path, String body, String type) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://%s:%d%s".formatted(Settings.HOST, port, path)))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", type)
            .timeout(Duration.ofSeconds(20));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private Reply send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(request.method() + " " + request.uri());
    }
  }
}
