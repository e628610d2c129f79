package idserver.rule;

import idserver.counter.Numbering;
import idserver.timeid.TimeIdSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Looks for two requests of one namespace that a rule answers with the same id: it has the rule
 * make thousands of ids of numbers and moments that are likely to collide, and compares them.
 * Confined to one thread.
 *
 * <p>What it finds is a collision; that it finds none is no proof. The same script, numbering and
 * year have the same outcome.
 */
final class RuleLint {
  /** Salts a rule is tried with: it may need one, but has to do with one of these. */
  static final List<String> SALTS = List.of("", "1");

  /** Instructions for each question. Most rules spend some ten on an id. */
  private static final long BUDGET = 1_000_000;

  private final ScriptSource source;
  private final Numbering numbering;
  private final TrialMoments moments;
  private final Optional<TrialTimeIds> timeIds;
  private final Trials trials;
  private final Diagnosis diagnosis;

  /**
   * @param year the present one: its ids and those of the nine that follow are compared
   */
  RuleLint(ScriptSource source, Numbering numbering, Optional<TimeIdSettings> timeIds, int year) {
    this.source = source;
    this.numbering = numbering;
    this.moments = new TrialMoments(year, numbering.period());
    this.timeIds = timeIds.map(settings -> new TrialTimeIds(settings.format(), moments.base()));
    this.trials = new Trials(numbering, moments);
    this.diagnosis = new Diagnosis(numbering);
  }

  /** At most one of a kind; none when there is nothing to say against the rule. */
  List<Collision> collisions() {
    List<String> before = List.of();
    for (String salt : SALTS) {
      Sampler sampler = new Sampler(source, numbering, timeIds, salt);
      List<Sample> usual = fromNewInstances(sampler);
      List<String> ids = usual.stream().map(Sample::id).toList();
      if (!ids.isEmpty() && ids.equals(before)) {
        // the salt changes nothing
        return List.of();
      }
      before = ids;
      List<Collision> found = collisions(sampler, usual);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /** A few ids, each by an instance that has nothing counted yet. */
  private List<Sample> fromNewInstances(Sampler sampler) {
    sampler.allow(BUDGET);
    List<Sample> samples = new ArrayList<>();
    for (Trial trial : trials.usual()) {
      sampler.renew();
      sampler.sample(trial).ifPresent(samples::add);
    }
    return samples;
  }

  private List<Collision> collisions(Sampler sampler, List<Sample> usual) {
    if (usual.isEmpty()) {
      return List.of();
    }
    if (usual.stream().map(Sample::id).distinct().count() == 1) {
      Twins twins = new Twins(moments);
      for (Sample sample : usual) {
        Optional<Sample> twin = twins.of(sample);
        if (twin.isPresent()) {
          return List.of(diagnosis.constant(twin.get(), sample));
        }
      }
    }
    List<Long> counters = usual.get(0).counters();
    long number = counters.isEmpty() ? numbering.range().first() : counters.get(0);
    List<Collision> found = new ArrayList<>();
    if (!counters.isEmpty()) {
      ask(sampler, trials.periods(number), diagnosis::period).ifPresent(found::add);
      ask(sampler, trials.numbersOfThisServer(), diagnosis::cutCounter)
          .or(() -> ask(sampler, trials.numbersOfAllServers(), diagnosis::cutCounter))
          .ifPresent(found::add);
    }
    if (!usual.get(0).timeIds().isEmpty()) {
      timeIds
          .flatMap(ids -> ask(sampler, trials.alike(ids), Diagnosis::cutTimeId))
          .ifPresent(found::add);
    }
    if (found.isEmpty()) {
      ask(sampler, trials.joined(number), Diagnosis::joined)
          .or(() -> ask(sampler, trials.drawnTogether(counters), Diagnosis::joined))
          .ifPresent(found::add);
    }
    return found;
  }

  /** The first of the trials' ids that comes twice. */
  private Optional<Collision> ask(
      Sampler sampler, List<Trial> trials, BiFunction<Sample, Sample, Collision> why) {
    sampler.allow(BUDGET);
    Twins twins = new Twins(moments);
    for (Trial trial : trials) {
      Optional<Sample> sample = sampler.sample(trial);
      Optional<Sample> twin = sample.flatMap(twins::of);
      if (sample.isPresent() && twin.isPresent()) {
        return Optional.of(
            sample.get().isBefore(twin.get())
                ? why.apply(sample.get(), twin.get())
                : why.apply(twin.get(), sample.get()));
      }
    }
    return Optional.empty();
  }
}
