package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

class PatternTableTest {
  private static final int BUDGET = 1_000_000;
  private static final int MOST_MATCHES = 51;

  private final Meter meter = new Meter();
  private final PatternFunctions functions = new PatternFunctions(meter);

  @Test
  void answersEveryCaseAsRealLuaDoes() {
    List<ReferenceTable.Line> table = ReferenceTable.read("pattern-5.1.txt");
    List<String> wrong = new ArrayList<>();
    for (ReferenceTable.Line line : table) {
      String answer = answer(line.question());
      if (!answer.equals(line.answer())) {
        wrong.add(line.question() + " expected " + line.answer() + " but got " + answer);
      }
    }
    assertThat(table).hasSizeGreaterThan(3000);
    assertThat(wrong).isEmpty();
  }

  private String answer(List<String> question) {
    Varargs args = ReferenceTable.values(question.subList(1, question.size()));
    meter.start(BUDGET);
    try {
      return ReferenceTable.results(
          switch (question.get(0)) {
            case "find" -> functions.find(args);
            case "match" -> functions.match(args);
            case "gsub" -> functions.gsub(args);
            default -> everyMatch(args);
          });
    } catch (LuaError e) {
      return ReferenceTable.failure(String.valueOf(e.getMessage()));
    }
  }

  private LuaValue everyMatch(Varargs args) {
    LuaValue next = functions.gmatch(args).arg1();
    List<String> found = new ArrayList<>();
    Varargs match = next.invoke();
    while (!match.arg1().isnil() && found.size() < MOST_MATCHES) {
      String second = match.narg() > 1 ? "&" + ReferenceTable.show(match.arg(2)) : "";
      found.add(ReferenceTable.show(match.arg1()) + second);
      match = next.invoke();
    }
    return LuaValue.valueOf(String.join(",", found));
  }
}
