package idserver.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import idserver.counter.CounterKey;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request after the other, never throwing whatever the bytes are. Confined to one
 * thread; keeps no reference to the buffer.
 *
 * <p>The input is one JSON object as RFC 8259 has it, in UTF-8. Members that are not known are
 * skipped. No name may occur twice in the object itself, however it is written; objects inside are
 * not looked into. A member's value may nest 32 deep. Time and memory are linear in the input.
 */
public final class RequestDecoder {
  private static final int LONGEST_NAME = "request_id".length();
  private static final byte[] GET = "get".getBytes(US_ASCII);

  private static final Refusal SEQ_TOO_LONG =
      Members.badField("seq", Members.tooLong(Seq.MAX_BYTES));

  private final Span action = new Span("action");
  private final Span ruleName = new Span("rule_name");
  private final Span appName = new Span("app_name");
  private final Span salt = new Span("salt");
  private final Span count = new Span("count");
  private final Span requestId = new Span("request_id");
  private final Span bizDate = new Span("biz_date");
  private final Span seq = new Span("seq");
  private final Span[] members = {action, ruleName, appName, salt, count, requestId, seq, bizDate};

  /** The members have names of different lengths but for one, so that one comparison tells. */
  private final @Nullable Span[] byLength = new @Nullable Span[LONGEST_NAME + 1];

  private final JsonScanner scanner = new JsonScanner();
  private final Namespaces namespaces = new Namespaces();

  /** Names met that are not known; null until there is one, which is rare. */
  private @Nullable Set<String> strangers;

  private @Nullable Refusal refusal;

  public RequestDecoder() {
    for (Span member : members) {
      if (member != bizDate) {
        byLength[member.name().length()] = member;
      }
    }
  }

  /**
   * Decodes the bytes as one request.
   *
   * @throws IndexOutOfBoundsException when they do not lie in the buffer
   */
  public Decoded decode(byte[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    for (Span member : members) {
      member.forget();
    }
    strangers = null;
    refusal = null;
    scanner.begin(buffer, offset, length);
    Decoded decoded = decode(buffer);
    scanner.release();
    return decoded;
  }

  private Decoded decode(byte[] buffer) {
    scanner.white();
    if (!scanner.take('{')) {
      return NotAnObject.INSTANCE;
    }
    if (!object(buffer)) {
      return new BadRequest(RefusalKind.BAD_JSON, scanner.fault(), scanner.faultAt(), Seq.NONE);
    }
    return request(buffer);
  }

  private boolean object(byte[] buffer) {
    scanner.white();
    if (!scanner.take('}')) {
      do {
        scanner.white();
        if (!member(buffer)) {
          return false;
        }
        scanner.white();
      } while (scanner.take(','));
      if (!scanner.take('}')) {
        return scanner.fail("a comma or a closing bracket is expected");
      }
    }
    scanner.white();
    return scanner.atEnd() || scanner.fail("text after the object");
  }

  private boolean member(byte[] buffer) {
    if (!scanner.name()) {
      return false;
    }
    Span member = known(buffer);
    if (member == null ? !isNewStranger(buffer) : member.isPresent()) {
      return scanner.failAtText("duplicate member");
    }
    int start = scanner.position();
    if (!scanner.value()) {
      return false;
    }
    if (member != null) {
      member.keep(start, scanner);
    }
    return true;
  }

  private @Nullable Span known(byte[] buffer) {
    if (scanner.textEscaped()) {
      return knownByText(nameText(buffer));
    }
    int from = scanner.textStart();
    int to = scanner.textEnd();
    Span member = to - from > LONGEST_NAME ? null : byLength[to - from];
    if (member != null && member.isNamed(buffer, from, to)) {
      return member;
    }
    // as long as app_name, and much rarer
    return bizDate.isNamed(buffer, from, to) ? bizDate : null;
  }

  private @Nullable Span knownByText(String name) {
    for (Span member : members) {
      if (member.name().equals(name)) {
        return member;
      }
    }
    return null;
  }

  private boolean isNewStranger(byte[] buffer) {
    if (strangers == null) {
      strangers = new HashSet<>();
    }
    return strangers.add(nameText(buffer));
  }

  private String nameText(byte[] buffer) {
    return JsonText.read(
        buffer,
        scanner.textStart(),
        scanner.textEnd(),
        scanner.textAscii(),
        scanner.textEscaped(),
        Integer.MAX_VALUE);
  }

  private Decoded request(byte[] buffer) {
    Action asked = action(buffer);
    CounterKey key = namespace(buffer);
    String salted = salt.isPresent() ? text(salt, buffer, Members::checkSalt) : "";
    int counted = count.isPresent() ? count(buffer) : 0;
    String named = requestId.isPresent() ? text(requestId, buffer, Members::checkRequestId) : "";
    String dated = bizDate.isPresent() ? text(bizDate, buffer, Members::checkBizDate) : "";
    Seq echoed = seq.isPresent() ? seq(buffer) : Seq.NONE;
    if (refusal != null) {
      return new BadRequest(refusal, echoed);
    }
    WireRequest request = new WireRequest(asked, key, salted, counted, echoed);
    if (asked == Action.CONFIRM || asked == Action.CANCEL) {
      return new SettleWireRequest(request, named);
    }
    LocalDate day = dated.isEmpty() || asked != Action.GET ? null : Members.bizDate(dated);
    if (day != null) {
      return new DatedWireRequest(request, named, day);
    }
    boolean repeatable = !named.isEmpty() && asked == Action.GET;
    return repeatable ? new RepeatableRequest(request, named) : request;
  }

  private Action action(byte[] buffer) {
    if (action.isPresent() && action.isText(buffer, GET)) {
      return Action.GET;
    }
    String text = text(action, buffer, Members::checkAction);
    return switch (text) {
      case "monitor" -> Action.MONITOR;
      case "confirm" -> Action.CONFIRM;
      case "cancel" -> Action.CANCEL;
      default -> Action.GET;
    };
  }

  private CounterKey namespace(byte[] buffer) {
    boolean written = ruleName.isPresent() && appName.isPresent();
    CounterKey known = written ? namespaces.find(buffer, ruleName, appName) : null;
    if (known != null) {
      return known;
    }
    String rule = text(ruleName, buffer, Members::checkRuleName);
    String app = text(appName, buffer, Members::checkAppName);
    CounterKey key = new CounterKey(rule, app);
    if (refusal == null) {
      namespaces.keep(buffer, ruleName, appName, key);
    }
    return key;
  }

  private String text(Span member, byte[] buffer, Check check) {
    if (refusal != null) {
      return "";
    }
    if (!member.isPresent()) {
      refusal = Members.badField(member.name(), "is missing");
    } else if (member.isNull(buffer)) {
      refusal = Members.badField(member.name(), "must not be null");
    } else if (!member.isString(buffer)) {
      refusal = Members.badField(member.name(), "must be a string");
    } else {
      String text = member.text(buffer);
      refusal = check.refusal(text);
      return text;
    }
    return "";
  }

  private int count(byte[] buffer) {
    int counted = Members.count(buffer, count.start(), count.end());
    if (counted == 0 && refusal == null) {
      refusal = Members.badCount();
    }
    return counted;
  }

  private Seq seq(byte[] buffer) {
    if (seq.length() <= Seq.MAX_BYTES) {
      return Seq.copyOf(buffer, seq.start(), seq.end());
    }
    if (refusal == null) {
      refusal = SEQ_TOO_LONG;
    }
    return Seq.NONE;
  }

  private interface Check {
    @Nullable Refusal refusal(String text);
  }
}
