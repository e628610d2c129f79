package idserver.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks at every state that a scenario can come to, those in few steps first, so that what it finds
 * wrong is told by a shortest story. Confined to one thread.
 */
final class Explorer {
  /** States are kept in memory; a scenario with more of them is too large. */
  private static final int MOST = Integer.getInteger("model.states", 4_000_000);

  private final Scenario scenario;
  private final List<byte[]> states = new ArrayList<>();
  // the state from which each one was found
  private int[] parents = new int[1024];
  // places in the list, by hash; -1 is free
  private int[] table = new int[1024];
  private long steps;
  private int depth;

  /**
   * What was found.
   *
   * @param states how many states there are
   * @param steps how many steps lead from one to another
   * @param depth how many steps the farthest is away
   * @param story what happens until something is wrong, and what that is; empty when nothing is
   */
  record Outcome(int states, long steps, int depth, List<String> story) {
    boolean isFine() {
      return story.isEmpty();
    }

    @Override
    public String toString() {
      String size = states + " states, " + steps + " steps, up to " + depth + " in a row";
      return isFine() ? size : size + System.lineSeparator() + told();
    }

    private String told() {
      StringBuilder told = new StringBuilder();
      for (int i = 0; i < story.size(); i++) {
        told.append(i + 1 < story.size() ? i + 1 + ". " : "=> ").append(story.get(i)).append('\n');
      }
      return told.toString();
    }
  }

  private Explorer(Scenario scenario) {
    this.scenario = scenario;
    Arrays.fill(table, -1);
  }

  /** Explores until something is wrong, or there is nothing more to see. */
  static Outcome explore(Scenario scenario) {
    return new Explorer(scenario).run();
  }

  private Outcome run() {
    add(World.first(scenario).canonical(), 0);
    int endOfDepth = 1;
    for (int place = 0; place < states.size(); place++) {
      if (place == endOfDepth) {
        depth++;
        endOfDepth = states.size();
      }
      World world = World.of(scenario, states.get(place));
      int from = place;
      List<String> wrong = new ArrayList<>(1);
      world.steps(
          (next, sentence) -> {
            steps++;
            if (wrong.isEmpty() && next.wrong() != null) {
              wrong.add(sentence.get());
              wrong.add(next.wrong());
            }
            add(next.canonical(), from);
          });
      if (!wrong.isEmpty()) {
        return new Outcome(states.size(), steps, depth, story(place));
      }
    }
    return new Outcome(states.size(), steps, depth, List.of());
  }

  private void add(byte[] state, int parent) {
    int at = slot(state);
    if (table[at] >= 0) {
      return;
    }
    if (states.size() == MOST) {
      throw new IllegalStateException(scenario.name() + " has more than " + MOST + " states");
    }
    if (states.size() == parents.length) {
      parents = Arrays.copyOf(parents, 2 * parents.length);
    }
    parents[states.size()] = parent;
    table[at] = states.size();
    states.add(state);
    if (2 * states.size() > table.length) {
      grow();
    }
  }

  private int slot(byte[] state) {
    int mask = table.length - 1;
    int at = mixed(Arrays.hashCode(state)) & mask;
    while (table[at] >= 0 && !Arrays.equals(states.get(table[at]), state)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int mixed(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  private void grow() {
    table = new int[2 * table.length];
    Arrays.fill(table, -1);
    for (int place = 0; place < states.size(); place++) {
      table[slot(states.get(place))] = place;
    }
  }

  /**
   * Plays the way to that state once more, and the step that went wrong: by the names that servers
   * had from the beginning, which states that are alike under other names have forgotten.
   */
  private List<String> story(int last) {
    Deque<byte[]> way = new ArrayDeque<>();
    for (int place = last; place != 0; place = parents[place]) {
      way.push(states.get(place));
    }
    List<String> story = new ArrayList<>();
    World world = World.first(scenario);
    while (!way.isEmpty()) {
      byte[] next = way.pop();
      world = taken(world, story, each -> Arrays.equals(each.canonical(), next));
    }
    World wrong = taken(world, story, each -> each.wrong() != null);
    story.add(String.valueOf(wrong.wrong()));
    return story;
  }

  private World taken(World from, List<String> story, Predicate<World> which) {
    World[] taken = new World[1];
    from.steps(
        (next, sentence) -> {
          if (taken[0] == null && which.test(next)) {
            taken[0] = next;
            story.add(sentence.get());
          }
        });
    World found = taken[0];
    if (found == null) {
      throw new IllegalStateException("no such step");
    }
    return found;
  }
}
