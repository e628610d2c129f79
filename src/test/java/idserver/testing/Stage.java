package idserver.testing;

import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/** A play as Lincheck wants to see it: public, with a method for each thread. */
public final class Stage {
  // by a class and not by a maker: Lincheck sets static fields back between two orders
  private static @Nullable Class<? extends Play> played;

  private final Play play = make();

  static void plays(Class<? extends Play> play) {
    played = play;
  }

  private static Play make() {
    try {
      return Objects.requireNonNull(played).getDeclaredConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(String.valueOf(e.getMessage()), e);
    }
  }

  public void thread0() {
    play.threads().get(0).run();
  }

  public void thread1() {
    play.threads().get(1).run();
  }

  public void thread2() {
    play.threads().get(2).run();
  }

  public void thread3() {
    play.threads().get(3).run();
  }

  @Validate
  public void end() {
    play.end();
  }

  int countThreads() {
    return play.threads().size();
  }
}
