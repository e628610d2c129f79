package idserver.rule;

import idserver.counter.Moment;
import idserver.counter.Numbering;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has a rule make ids of numbers and moments that somebody else chooses. Confined to one thread.
 *
 * <p>What the script cannot be unique by is held still: {@code math.random} begins anew for each
 * id, since it may give the same again, and all have the same salt.
 */
final class Sampler implements Draws {
  /** An instance is left after so many instructions: they bound what it can have kept. */
  private static final long INSTRUCTIONS_OF_AN_INSTANCE = LuaSandbox.LOAD_BUDGET;

  /** What making an instance costs, in instructions; and what a failure costs on top. */
  private static final int INSTANCE_COST = 20_000;

  private static final int FAILURE_COST = 2_000;

  /** Who asks for more in one id is not looked at. */
  private static final int MOST_DRAWS = 100;

  /**
   * Behind the budget of instructions, as for a single call, since some of them can be slow: many
   * times what all of it takes.
   */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ScriptSource source;
  private final Numbering numbering;
  private final Optional<TrialTimeIds> timeIds;
  private final String salt;
  private final Random random = new Random(0);
  private final long startNanos = System.nanoTime();

  private @Nullable Script script;
  private long spentByInstance;
  private long left;
  private int asked;

  // of the id under way
  private long nextNumber;
  private long distance;
  private long timeId;
  private List<Long> drawn = new ArrayList<>();
  private List<Long> drawnTimeIds = new ArrayList<>();

  Sampler(ScriptSource source, Numbering numbering, Optional<TrialTimeIds> timeIds, String salt) {
    this.source = source;
    this.numbering = numbering;
    this.timeIds = timeIds;
    this.salt = salt;
  }

  /** From now on so many instructions may be spent; afterwards no samples are made. */
  void allow(long instructions) {
    left = instructions;
  }

  /** The next id comes from an instance that has made none. */
  void renew() {
    script = null;
  }

  /** The id that the rule makes; empty when it fails, or finds no number. */
  Optional<Sample> sample(Trial trial) {
    LocalDateTime at = trial.at();
    nextNumber = trial.number();
    distance = trial.distance();
    timeId = trial.timeId() == Trial.ANY ? anyTimeId(at) : trial.timeId();
    drawn = new ArrayList<>(1);
    drawnTimeIds = new ArrayList<>(1);
    asked++;
    String id = left > 0 ? make(at) : null;
    return id == null
        ? Optional.empty()
        : Optional.of(
            new Sample(id, at, numbering.period().startOf(at), salt, drawn, drawnTimeIds));
  }

  private long anyTimeId(LocalDateTime at) {
    return timeIds.map(ids -> ids.at(at, asked)).orElse(STOP);
  }

  private @Nullable String make(LocalDateTime at) {
    long second = at.toEpochSecond(ZoneOffset.UTC);
    Moment moment = new Moment(second, at, second);
    try {
      Script current = instance();
      random.setSeed(0);
      try {
        return current.createId(this, moment, salt);
      } finally {
        spend(current.spent());
      }
    } catch (RuleException e) {
      // an id that is not made is made no second time
      spend(FAILURE_COST);
      return null;
    }
  }

  private Script instance() throws RuleException {
    Script current = script;
    if (current == null || spentByInstance > INSTRUCTIONS_OF_AN_INSTANCE) {
      random.setSeed(0);
      current = source.instance(random);
      script = current;
      spentByInstance = 0;
      left -= INSTANCE_COST;
    }
    return current;
  }

  private void spend(int instructions) {
    spentByInstance += instructions;
    left -= instructions;
    if (System.nanoTime() - startNanos > MOST_NANOS) {
      left = 0;
    }
  }

  @Override
  public long next() {
    long number = nextNumber;
    if (number < 0 || drawn.size() == MOST_DRAWS) {
      return STOP;
    }
    drawn.add(number);
    nextNumber = number <= numbering.range().max() - distance ? number + distance : STOP;
    return number;
  }

  @Override
  public long nextTimeId() {
    long id = timeId;
    if (id < 0 || drawnTimeIds.size() == MOST_DRAWS) {
      return STOP;
    }
    drawnTimeIds.add(id);
    timeId = timeIds.map(ids -> ids.after(id)).orElse(STOP);
    return id;
  }
}
