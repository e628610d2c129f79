package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser without a window, looking at one server's console. Confined to one thread. */
final class Browser implements AutoCloseable {
  private static final File CHROMIUM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The browser asks nobody but the server, and so does its driver. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--lang=en-US");

  /** What comes and goes; the rest tells how it went. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "Network\\.(requestWillBeSent|dataReceived|responseReceived|eventSourceMessageReceived)\\b");

  /** It warns of DevTools of another version, which nobody here uses. Held, as loggers are weak. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;
  private final String origin;

  private Browser(ChromeDriver driver, String origin) {
    this.driver = driver;
    this.origin = origin;
  }

  /** Skips the test where no browser is installed. */
  static void assumeInstalled() {
    assumeTrue(
        CHROMIUM.canExecute() && DRIVER.canExecute(),
        "skipped: no browser here (Debian: apt-get install chromium chromium-driver)");
  }

  /** Begins, with nothing remembered; the page is not opened yet. */
  static Browser of(Server server) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    return of(server, logs);
  }

  /** The same; it keeps a record of what it asks the server and is told: {@link #exchanges}. */
  static Browser listening(Server server) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    return of(server, logs);
  }

  private static Browser of(Server server, LoggingPreferences logs) {
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions().setBinary(CHROMIUM).addArguments(ARGUMENTS);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return new Browser(
        driver, "http://%s:%d/".formatted(Settings.HOST, server.settings().httpPort()));
  }

  /** Loads the page anew, at this address behind the {@code #}. */
  void open(String address) {
    driver.get("about:blank");
    driver.get(origin + "#" + address);
    await(() -> assertThat(text("h1")).isNotEmpty());
  }

  /** Goes to another page of the console, as by a link. */
  void go(String address, String heading) {
    run("location.hash = arguments[0]", address);
    await(() -> assertThat(text("h1")).isEqualTo(heading));
  }

  /** How large the window is, in pixels of the page. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  WebElement element(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  /** What a person reads there; empty where there is no such element. */
  String text(String css) {
    return String.valueOf(
        run("return document.querySelector(arguments[0])?.innerText.trim() ?? ''", css));
  }

  /** Waits for a text there. */
  void awaitText(String css, String part) {
    await(() -> assertThat(text(css)).contains(part));
  }

  /** Waits for the element, and presses it. */
  void click(String css) {
    await(() -> element(css).click());
  }

  /** Replaces what is in a field, by typing. */
  void type(String css, String text) {
    await(() -> assertThat(count(css)).isPositive());
    element(css).clear();
    element(css).sendKeys(text);
  }

  void choose(String css, String value) {
    click(css + " option[value='" + value + "']");
  }

  Object run(String script, Object... arguments) {
    return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
  }

  /** Waits until something holds, while the page may still be made. */
  static void await(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .untilAsserted(assertion);
  }

  /** What keeps people out of the page as it is shown, by axe: only what is serious or critical. */
  List<?> barriers() throws IOException {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      byte[] script = Objects.requireNonNull(axe, "axe.min.js").readAllBytes();
      driver.executeScript(new String(script, StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run().then(result => done(result.violations
              .filter(each => ["serious", "critical"].includes(each.impact))
              .map(each => each.id + ": " + each.nodes.map(node => node.failureSummary).join("; "))));
            """);
    return (List<?>) Objects.requireNonNull(found);
  }

  /** Severe entries of the browser's console since this was last asked. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /**
   * What has gone between the page and the server since this was last asked: the names of the
   * events in the protocol of the browser's tools, such as {@code Network.requestWillBeSent}.
   */
  List<String> exchanges() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> NETWORK.matcher(entry.getMessage()))
        .filter(Matcher::find)
        .map(Matcher::group)
        .toList();
  }

  /** Minimises the window, meanwhile does that with the hidden page, and shows it again. */
  void whileHidden(Runnable work) {
    driver.manage().window().minimize();
    work.run();
    driver.manage().window().setSize(new Dimension(1280, 900));
  }

  /** Sees to it that something holds for so long. */
  static void during(Duration time, ThrowingRunnable assertion) {
    Awaitility.await().during(time).atMost(time.multipliedBy(2)).untilAsserted(assertion);
  }

  /** Keeps a picture of the page. */
  void picture(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
