package idserver.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP clients send that no good client would, over a bare socket. */
@ExtendWith(RunningServer.class)
class HttpInputIT {
  private final Server server;

  HttpInputIT(Server server) {
    this.server = server;
  }

  @ParameterizedTest
  @CsvSource({
    "GET  /WEB-INF/beans.xml,         404, NO_SUCH_PATH",
    "GET  /META-INF/MANIFEST.MF,      404, NO_SUCH_PATH",
    "GET  /console,                   404, NO_SUCH_PATH",
    "GET  /console/,                  404, NO_SUCH_PATH",
    "GET  /console/nothing.js,        404, NO_SUCH_PATH",
    "GET  /console/../index.html,     404, NO_SUCH_PATH",
    "GET  /index.html,                404, NO_SUCH_PATH",
    "GET  //status,                   404, NO_SUCH_PATH",
    "GET  /status/../status,          404, NO_SUCH_PATH",
    "POST /ids//x,                    404, NO_SUCH_PATH",
    "POST /ids/../ids/dated/x,        404, NO_SUCH_PATH",
    "POST /ids/dated/x/y,             404, NO_SUCH_PATH",
    "HACK /ids,                       405, METHOD_NOT_ALLOWED",
    "PATCH /ids/dated/x,              405, METHOD_NOT_ALLOWED",
    "POST /ids/dated/x;v=1,           400, BAD_FIELD",
    "POST /ids;v=1/dated/x,           400, BAD_FIELD",
    "GET  /counters/dated/x;y,        400, BAD_FIELD",
    "POST /ids/dated/x?count,         400, BAD_FIELD",
    "POST /ids/dated/x?count=1e0,     400, BAD_FIELD",
    "POST /ids/dated/x?count=-1,      400, BAD_FIELD",
    "GET  /time_ids/dated/1,          404, UNKNOWN_RULE",
  })
  void isRefusedByName(String request, int status, String error) throws IOException {
    String answer = send(request.replaceAll(" +", " "), "");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\"" + error + "\"");
    assertShowsNothingOfTheInside(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /../../etc/passwd",
        "GET /%2e%2e/%2e%2e/etc/passwd",
        "GET /status%00",
        "POST /ids/dated/%00",
        "POST /ids/dated/%ff",
        "POST /ids/dated/%c0%af",
        "POST /ids/dated/%ed%a0%80",
        "POST /ids/dated/a\\b",
        "POST /ids/dated/a%5Cb",
        "POST /ids/dated/\u00e4",
        "POST /ids/dated/{x}",
      })
  void aPathThatTheContainerDoesNotTakeIsABadRequest(String request) throws IOException {
    String answer = send(request, "");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertShowsNothingOfTheInside(answer);
  }

  /** The container fails at these and answers with nothing; what counts is that there is no id. */
  @ParameterizedTest
  @ValueSource(
      strings = {"POST /ids/%zz/x", "POST /ids/dated/%", "POST /ids/dated/x%4", "GET /stat%zz"})
  void aBrokenEscapeGetsNothing(String request) throws IOException {
    String answer = send(request, "");

    assertThat(answer).endsWith("\r\n\r\n");
    assertShowsNothingOfTheInside(answer);
  }

  @Test
  void noClientFillsTheLogOfTheContainer() throws IOException {
    int before = server.console().length();

    for (String path :
        List.of("/ids/%zz/x", "/stat%zz", "/ids/dated/%", "/%", "/../%ff", "/a\\b")) {
      send("GET " + path, "");
    }

    assertThat(server.console().substring(before)).doesNotContain("Exception", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: application/json|Content-Length: -1",
        "Content-Type: application/json|Content-Length: x",
        "Content-Type: application/json|Content-Length: 99999999999999999999",
        "Content-Type: ///|Content-Length: 0",
        "Content-Type: application/json|Accept: ///|Content-Length: 0",
        "Bad Header",
        "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy*",
      })
  void aBrokenHeaderIsABadRequest(String headers) throws IOException {
    String sent = headers.replace("*", "y".repeat(20_000)).replace("|", "\r\n") + "\r\n";
    String answer = send("POST /ids", sent);

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertShowsNothingOfTheInside(answer);
  }

  @Test
  void aBodyInPiecesIsMeasuredToo() throws IOException {
    String chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    String tooLarge = "\r\n2001\r\n" + "x".repeat(0x2001) + "\r\n0\r\n";

    assertThat(send("POST /ids", chunked + tooLarge)).contains("\"BODY_TOO_LARGE\"");
    assertThat(send("POST /ids", chunked + "\r\nzz\r\n{}\r\n0\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void nothingIsAdministeredOverHttp() throws IOException {
    for (String path : List.of("/reload", "/rules", "/rules/dated", "/status", "/stop", "/admin")) {
      for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
        assertThat(send(method + " " + path, "Content-Length: 0\r\n"))
            .as("%s %s", method, path)
            .containsPattern("^HTTP/1.1 40[45] ");
      }
    }
    assertThat(send("TRACE /status", "")).startsWith("HTTP/1.1 405 ");
  }

  private static void assertShowsNothingOfTheInside(String answer) {
    assertThat(answer).doesNotContain("Exception", "\tat ", "java.", "org.").doesNotContain("<");
  }

  /** The whole answer, as it came. */
  private String send(String request, String headers) throws IOException {
    String host = "Host: " + Settings.HOST + "\r\nConnection: close\r\n";
    try (Socket connection =
        new Socket(InetAddress.getLoopbackAddress(), server.settings().httpPort())) {
      connection.setSoTimeout(20_000);
      String all = request + " HTTP/1.1\r\n" + host + headers + "\r\n";
      connection.getOutputStream().write(all.getBytes(ISO_8859_1));
      return new String(connection.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
