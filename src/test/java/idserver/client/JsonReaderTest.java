package idserver.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @Test
  void readsWhatAnswersAreMadeOf() {
    assertThat(JsonReader.read(" {\"code\" : 0 , \"data\":[\"A\\\"\\u00e9\\n\",-7,1.5,true,{}]} "))
        .isEqualTo(Map.of("code", 0L, "data", List.of("A\"é\n", -7L, 1.5, true, Map.of())));
    assertThat(JsonReader.read("[null]")).isEqualTo(List.of(JsonReader.NULL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\"}",
        "{\"a\":1,}",
        "[1,]",
        "[1 2]",
        "\"a",
        "\"\\u12\"",
        "\"\\x\"",
        "tru",
        "1-",
        "99999999999999999999",
        "{} {}",
        "[[[[[[[[[[[[]]]]]]]]]]]]"
      })
  void readsNothingFromWhatIsNoJson(String text) {
    assertThat(JsonReader.read(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{}", "{\"code\":\"0\"}", "{\"code\":0}", "{\"code\":0,\"data\":[1]}"})
  void takesNoAnswerThatIsNone(String text) {
    assertThat(Answer.of(text)).isNull();
  }
}
