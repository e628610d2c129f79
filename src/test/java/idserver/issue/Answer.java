package idserver.issue;

import idserver.rule.Ids;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A receiver that remembers all it is told. Thread-safe. */
final class Answer implements Receiver, MonitorReceiver {
  /** The ids of each time it was told some. */
  final List<List<String>> issued = new CopyOnWriteArrayList<>();

  final List<Refusal> refused = new CopyOnWriteArrayList<>();
  final List<Long> counted = new CopyOnWriteArrayList<>();

  private final @Nullable InetAddress source;

  Answer() {
    this(null);
  }

  Answer(@Nullable InetAddress source) {
    this.source = source;
  }

  @Override
  public @Nullable InetAddress source() {
    return source;
  }

  @Override
  public void issued(Ids ids) {
    issued.add(ids.texts());
  }

  @Override
  public void refused(Refusal refusal) {
    refused.add(refusal);
  }

  @Override
  public void counted(long counter, int nodeOffset) {
    counted.add(counter);
  }

  /** How often it was told anything. */
  int times() {
    return issued.size() + refused.size() + counted.size();
  }

  List<String> ids() {
    return issued.isEmpty() ? List.of() : issued.get(0);
  }

  List<RefusalKind> kinds() {
    return refused.stream().map(Refusal::kind).toList();
  }
}
