package idserver.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one server on the embedded database to every test class that only asks it: it is started
 * once, and each test uses namespaces and rules of its own. Offset 0 of two.
 */
final class RunningServer implements ParameterResolver {
  static final int STEP = 2;

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(RunningServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Server.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(Server.class, key -> start(), Server.class);
  }

  private static Server start() {
    try {
      Server server = installed(Installation.fresh("RunningServer"));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Server installed(Installation installation) throws IOException {
    return installation
        .rule("o2o.lua", Installation.resource("document.lua"))
        .rule("dated.lua", Installation.resource("dated.lua"))
        .rule("few.lua", Installation.resource("few.lua"))
        .server(
            1,
            Settings.of("data/1")
                .nodes(STEP, 0)
                .rule("o2o", "o2o.lua", 100)
                .rule("dated", "dated.lua", 100)
                .rule("few", "few.lua", 100));
  }
}
