package idserver.rule;

import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a rule is tried with: numbers and moments whose ids are likely to be equal, what is most
 * likely first. Immutable.
 */
final class Trials {
  /** Distances between numbers that are drawn for one id while others draw as well. */
  private static final int[] DISTANCES = {1, 2, 3, 4, 5, 9, 10, 11, 12, 99, 100, 101, 111, 112};

  private static final int FEW = 32;

  private final Numbering numbering;
  private final NumberRange range;
  private final TrialNumbers numbers;
  private final TrialMoments moments;

  Trials(Numbering numbering, TrialMoments moments) {
    this.numbering = numbering;
    this.range = numbering.range();
    this.numbers = new TrialNumbers(range);
    this.moments = moments;
  }

  /** A few numbers at one moment. */
  List<Trial> usual() {
    return at(List.of(moments.base()), numbers.few());
  }

  /** One number in many periods; none where the counter never starts again. */
  List<Trial> periods(long number) {
    return numbering.period().equals(Period.NEVER)
        ? List.of()
        : at(moments.calendar(), List.of(number));
  }

  /** Many numbers of this server at one moment. */
  List<Trial> numbersOfThisServer() {
    return at(List.of(moments.base()), numbers.ofThisServer());
  }

  /** Many numbers of all servers at one moment; none where there is one server. */
  List<Trial> numbersOfAllServers() {
    return range.step() == 1 ? List.of() : at(List.of(moments.base()), numbers.ofAllServers());
  }

  /** Time ids that are alike in parts, each with a number of its own. */
  List<Trial> alike(TrialTimeIds timeIds) {
    List<Trial> trials = new ArrayList<>();
    LocalDateTime end = moments.base().plusYears(TrialMoments.YEARS);
    long number = range.first();
    for (TrialTimeIds.Made made : timeIds.alike(moments.base(), end)) {
      trials.add(new Trial(made.at(), number, range.step(), made.id()));
      number = number <= range.max() - range.step() ? number + range.step() : number;
    }
    return trials;
  }

  /** Numbers and dates that read alike when they are joined, or come to the same sum. */
  List<Trial> joined(long number) {
    List<Trial> trials = at(List.of(moments.base()), numbers.factorsFrom(number));
    trials.addAll(at(List.of(moments.base()), numbers.ofAllServers()));
    trials.addAll(at(moments.oneLookAlike(), List.of(number)));
    trials.addAll(at(moments.twoLookAlikes(), List.of(number)));
    trials.addAll(at(moments.oneLookAlike(), numbers.ofEachLength()));
    trials.addAll(at(moments.days(), numbers.small()));
    return trials;
  }

  /**
   * Numbers that are drawn for one id, and between which others have drawn.
   *
   * @param usual what the rule usually draws; none where that is one number
   */
  List<Trial> drawnTogether(List<Long> usual) {
    List<Trial> trials = new ArrayList<>();
    if (usual.size() < 2) {
      return trials;
    }
    for (long number : numbers.ofThisServer().stream().limit(FEW).toList()) {
      for (int distance : DISTANCES) {
        if (distance <= (range.max() - number) / range.step()) {
          trials.add(new Trial(moments.base(), number, distance * range.step(), Trial.ANY));
        }
      }
    }
    return trials;
  }

  private List<Trial> at(Collection<LocalDateTime> moments, Collection<Long> numbers) {
    List<Trial> trials = new ArrayList<>();
    for (LocalDateTime moment : moments) {
      for (long number : numbers) {
        trials.add(new Trial(moment, number, range.step(), Trial.ANY));
      }
    }
    return trials;
  }
}
