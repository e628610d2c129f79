package idserver.admin;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;

/** Notes that a listener has gone. Thread-safe. */
final class Leaving implements AsyncListener, WriteListener {
  private final LiveServlet servlet;
  private final AsyncContext listener;

  Leaving(LiveServlet servlet, AsyncContext listener) {
    this.servlet = servlet;
    this.listener = listener;
  }

  @Override
  public void onWritePossible() {
    // the next event is written when its second comes
  }

  @Override
  public void onError(Throwable gone) {
    servlet.leave(listener);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    servlet.leave(listener);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    servlet.leave(listener);
    listener.complete();
  }

  @Override
  public void onError(AsyncEvent event) {
    servlet.leave(listener);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // begun by the servlet itself
  }
}
