package idserver.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.admin.StatusService;
import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code GET /metrics}: a servlet, as a container with MicroProfile Metrics gives way to one at
 * this path, and not to a resource. Thread-safe.
 */
@WebServlet("/metrics")
public class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = Logger.getLogger(MetricsServlet.class.getName());

  @EJB private transient StatusService server;
  private String version = "";

  @Override
  public void init() throws ServletException {
    try (InputStream manifest = getServletContext().getResourceAsStream("/META-INF/MANIFEST.MF")) {
      if (manifest != null) {
        Attributes attributes = new Manifest(manifest).getMainAttributes();
        version = Objects.requireNonNullElse(attributes.getValue("Implementation-Version"), "");
      }
    } catch (IOException e) {
      throw new ServletException("The manifest of the application cannot be read", e);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] text;
    try {
      text = Metrics.of(server.measures(), version).getBytes(UTF_8);
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "The metrics cannot be told by a fault of the server. This is a bug: report it with the log",
          e);
      response.setStatus(500);
      return;
    }
    response.setContentType("text/plain;version=0.0.4;charset=utf-8");
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
  }
}
