package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The live figures as server-sent events, one a second, to everybody who listens. A servlet, as it
 * looks whether a listener's connection takes more before it writes: nobody who does not read holds
 * a thread. Thread-safe.
 */
@WebServlet(urlPatterns = "/status/live", asyncSupported = true)
public class LiveServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = Logger.getLogger(LiveServlet.class.getName());

  /** So many may listen at once. */
  private static final int MOST_LISTENERS = 50;

  private static final long EVERY_MS = 1000;

  /** After so long the client connects again: a listener that has gone unnoticed does not stay. */
  private static final long LISTENER_MS = TimeUnit.MINUTES.toMillis(10);

  @EJB private transient StatusService server;
  @Resource private transient ManagedScheduledExecutorService scheduler;

  private final transient Jsonb jsonb = JsonWriter.jsonb();

  @GuardedBy("listeners")
  private final transient List<AsyncContext> listeners = new ArrayList<>();

  @GuardedBy("listeners")
  private transient @Nullable ScheduledFuture<?> pulse;

  private transient volatile @Nullable Figures last;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setCharacterEncoding(UTF_8.name());
    response.setHeader("Cache-Control", "no-store");
    synchronized (listeners) {
      if (listeners.size() >= MOST_LISTENERS) {
        response.setStatus(503);
        response.setContentType("application/json");
        response.setHeader("Retry-After", "10");
        response
            .getOutputStream()
            .print(
                "{\"code\":503,\"error\":\"TOO_MANY\",\"message\":\"too many consoles listen\"}");
        return;
      }
      response.setContentType("text/event-stream");
      response.getOutputStream().print("retry: 2000\n\n");
      response.flushBuffer();
      AsyncContext listener = request.startAsync();
      listener.setTimeout(LISTENER_MS);
      Leaving leaving = new Leaving(this, listener);
      listener.addListener(leaving);
      response.getOutputStream().setWriteListener(leaving);
      listeners.add(listener);
      if (pulse == null) {
        last = server.figures();
        pulse =
            scheduler.scheduleAtFixedRate(this::tell, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void tell() {
    try {
      Figures before = last;
      Figures now = server.figures();
      last = now;
      if (before != null) {
        String json = jsonb.toJson(LiveFigures.between(before, now));
        send(("data: " + json + "\n\n").getBytes(UTF_8));
      }
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "The live figures cannot be told", e);
    }
  }

  private void send(byte[] event) {
    synchronized (listeners) {
      for (AsyncContext listener : List.copyOf(listeners)) {
        if (!sent(listener, event)) {
          leave(listener);
        }
      }
    }
  }

  private static boolean sent(AsyncContext listener, byte[] event) {
    try {
      ServletOutputStream out = listener.getResponse().getOutputStream();
      // false: it has not read for so long that what was sent to it fills its connection
      if (out.isReady()) {
        out.write(event);
        if (out.isReady()) {
          out.flush();
        }
        return true;
      }
      complete(listener);
      return false;
    } catch (IOException | RuntimeException gone) {
      complete(listener);
      return false;
    }
  }

  /** Forgets a listener; the last one stops the pulse. */
  void leave(AsyncContext listener) {
    synchronized (listeners) {
      listeners.remove(listener);
      if (listeners.isEmpty() && pulse != null) {
        pulse.cancel(false);
        pulse = null;
      }
    }
  }

  private static void complete(AsyncContext listener) {
    try {
      listener.complete();
    } catch (RuntimeException already) {
      LOG.log(Level.FINEST, "was complete", already);
    }
  }

  @Override
  public void destroy() {
    synchronized (listeners) {
      List.copyOf(listeners)
          .forEach(
              listener -> {
                leave(listener);
                complete(listener);
              });
    }
  }
}
