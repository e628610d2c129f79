package idserver.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Samples that have been seen, by their id. Confined to one thread. */
final class Twins {
  private final TrialMoments moments;
  private final Map<String, List<Sample>> byId = new HashMap<>();

  Twins(TrialMoments moments) {
    this.moments = moments;
  }

  /** One that was seen before, has the same id, and should not. */
  Optional<Sample> of(Sample sample) {
    List<Sample> alike = byId.computeIfAbsent(sample.id(), id -> new ArrayList<>(1));
    for (Sample earlier : alike) {
      if (earlier.canStandBeside(sample) && moments.mustDiffer(earlier.at(), sample.at())) {
        return Optional.of(earlier);
      }
      if (earlier.standsFor(sample)) {
        return Optional.empty();
      }
    }
    alike.add(sample);
    return Optional.empty();
  }
}
