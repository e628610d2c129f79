package idserver.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static Sequence of(List<Sequence.Answer> answers) {
    Sequence sequence = new Sequence();
    answers.forEach(sequence::add);
    return sequence;
  }

  private static Sequence.Answer answer(long asked, long answered, long period, long number) {
    return new Sequence.Answer(asked, answered, period, number, number);
  }

  @Test
  void thoseWhoWaitedAtOnceMayHaveTheirNumbersInAnyOrder() {
    assertThat(of(List.of(answer(1, 5, 0, 9), answer(2, 4, 0, 3), answer(5, 6, 0, 8))).violations())
        .isEmpty();
    assertThat(of(List.of(answer(1, 5, 0, 9), answer(6, 7, 0, 8))).violations()).hasSize(1);
    assertThat(of(List.of(answer(1, 5, 0, 9), answer(6, 7, 1, 0))).violations()).isEmpty();
    assertThat(of(List.of(answer(1, 5, 1, 0), answer(6, 7, 0, 8))).violations()).hasSize(1);
  }

  @Test
  void findsWhatAComparisonOfEachWithEachFinds() {
    SplittableRandom random = new SplittableRandom(7);
    for (int run = 0; run < 300; run++) {
      List<Sequence.Answer> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        long asked = random.nextInt(100);
        answers.add(
            answer(
                asked, asked + random.nextInt(20), random.nextInt(2), asked + random.nextInt(8)));
      }
      long found =
          answers.stream()
              .filter(
                  later ->
                      answers.stream()
                          .anyMatch(
                              earlier ->
                                  earlier.answered() < later.asked()
                                      && (earlier.period() > later.period()
                                          || (earlier.period() == later.period()
                                              && earlier.last() >= later.first()))))
              .count();
      assertThat(of(answers).violations()).hasSize((int) found);
    }
  }
}
