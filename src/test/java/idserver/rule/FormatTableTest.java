package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

class FormatTableTest {
  private static final int BUDGET = 1_000_000;

  private final Meter meter = new Meter();
  private final FormatFunction format = new FormatFunction(meter);

  @Test
  void answersEveryCaseAsRealLuaDoes() {
    List<ReferenceTable.Line> table = ReferenceTable.read("format-5.1.txt");
    List<String> wrong = new ArrayList<>();
    for (ReferenceTable.Line line : table) {
      String answer = answer(line.question());
      if (!answer.equals(line.answer())) {
        wrong.add(line.question() + " expected " + line.answer() + " but got " + answer);
      }
    }
    assertThat(table).hasSizeGreaterThan(5000);
    assertThat(wrong).isEmpty();
  }

  private String answer(List<String> question) {
    LuaValue text = ReferenceTable.unescape(question.get(0));
    Varargs values = ReferenceTable.values(question.subList(1, question.size()));
    meter.start(BUDGET);
    try {
      return ReferenceTable.result(format.invoke(LuaValue.varargsOf(text, values)).checkstring(1));
    } catch (LuaError e) {
      return ReferenceTable.failure(String.valueOf(e.getMessage()));
    }
  }
}
