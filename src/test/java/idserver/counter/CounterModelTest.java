package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Interleavings;
import idserver.testing.Mutant;
import idserver.testing.Play;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hand-over of blocks, in every order of a few threads; and that faults in it are found. */
class CounterModelTest {
  /** Two more numbers are in hand when the server stops. */
  public static final class Stop extends HandOver {
    public Stop() {
      begin(3, 1);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, this::request, this::close);
    }
  }

  /** Nothing is in hand, and the block that comes is too small for those who want a number. */
  public static final class Grant extends HandOver {
    public Grant() {
      begin(1, 1);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, this::request, () -> grant(1));
    }
  }

  /** The block in hand is used up, the next one is there, and the one after that is granted. */
  public static final class Promotion extends HandOver {
    public Promotion() {
      begin(3, 2);
      grant(1);
      request();
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, this::request, () -> grant(1));
    }
  }

  /** A block is granted while the server stops. */
  public static final class GrantAndStop extends HandOver {
    public GrantAndStop() {
      begin(1, 1);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, () -> grant(2), this::close);
    }
  }

  /** The store fails, and then works. */
  public static final class Failure extends HandOver {
    public Failure() {
      begin(1, 1);
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, this::request, this::failAndGrant);
    }

    private void failAndGrant() {
      fail();
      grant(2);
    }
  }

  /** The queue of wishes is full when the first of those comes who find nothing. */
  public static final class Full extends HandOver {
    public Full() {
      begin(2, 1);
      full();
      request();
      full();
    }

    @Override
    public List<Runnable> threads() {
      return List.of(this::request, this::request);
    }
  }

  private static void check(Class<? extends Play> play) {
    assertThat(Interleavings.of(play))
        .satisfies(
            played -> assertThat(played.fault()).isNull(),
            played -> assertThat(played.orders()).isGreaterThan(100));
  }

  private static void finds(
      Class<? extends Play> play, Class<?> faulty, String before, String after, String fault) {
    Class<? extends Play> copy = new Mutant().with(faulty, before, after).load(play);

    assertThat(Interleavings.of(copy).fault()).contains(fault);
  }

  @Test
  void whatIsLeftAtAStopWasNotIssued() {
    check(Stop.class);
  }

  @Test
  void whoWaitsForABlockIsToldOnceHoweverSmallItIs() {
    check(Grant.class);
  }

  @Test
  void noBlockIsLostWhereOneEndsAndAnotherOneIsGranted() {
    check(Promotion.class);
  }

  @Test
  void nobodyWaitsForEverWhenABlockComesAtAStop() {
    check(GrantAndStop.class);
  }

  @Test
  void whoWaitsWhenTheStoreFailsIsTold() {
    check(Failure.class);
  }

  @Test
  void whoWaitsWhenTheQueueIsFullIsTold() {
    check(Full.class);
  }

  @Test
  void findsANumberThatIsTakenInTwoSteps() {
    finds(
        Stop.class,
        Block.class,
        "return TAKEN.getAndIncrement(this);",
        "long place = taken; taken = place + 1; return place;",
        "was issued twice");
  }

  @Test
  void findsABlockThatIsClosedInTwoSteps() {
    finds(
        Stop.class,
        Block.class,
        "return Math.min(TAKEN.getAndSet(this, size), size);",
        "long used = used(); taken = size; return used;",
        "was issued, and the last is");
  }

  @Test
  void findsABlockThatGoesOnWhenItIsGivenBack() {
    finds(
        Stop.class,
        Counter.class,
        "long used = inHand.close();",
        "long used = inHand.used();",
        "was issued, and the last is");
  }

  @Test
  void findsAParkingThatMissesTheGrant() {
    finds(
        Grant.class,
        Counter.class,
        "boolean asked = want(numbering); synchronized (this) {",
        "boolean asked = want(numbering); {",
        "requests were told");
  }

  @Test
  void findsAPromotionWithoutTheLock() {
    finds(
        Promotion.class,
        Counter.class,
        "promoted = promote(numbering, periodStart); if (!promoted) {",
        "} promoted = promote(numbering, periodStart); synchronized (this) { if (!promoted) {",
        "was not issued, and the last is");
  }

  @Test
  void findsAParkingAfterTheStop() {
    finds(
        GrantAndStop.class,
        Counter.class,
        "synchronized (this) { if (closed) { return Parking.CLOSED; }",
        "synchronized (this) {",
        "requests were told");
  }

  @Test
  void findsARefusalAfterWhichOneStillWaits() {
    finds(
        Failure.class,
        WaitingLine.class,
        "taken.add(request); } return takes;",
        "taken.add(request); } return false;",
        "were told");
  }

  @Test
  void findsAFullQueueThatTellsNobody() {
    finds(
        Full.class,
        Counter.class,
        "refused = left(waiting.takeAll()); } refused.forEach(Waiting::giveUp); return false;",
        "refused = List.of(); } return false;",
        "requests were told");
  }
}
