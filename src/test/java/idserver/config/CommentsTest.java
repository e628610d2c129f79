package idserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommentsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "``|``",
        "/|/",
        "1 / 2|1 / 2",
        "1//2|1   ",
        "//|  ",
        "/**/|    ",
        "/*/|   ",
        "/***/1|     1",
        "\"//\"|\"//\"",
        "\"/*\"1/*\"*/2|\"/*\"1     2",
        "\"\\\"//\"//\"|\"\\\"//\"   ",
        "\"\\\\\"//\"|\"\\\\\"   ",
        "\"\\|\"\\",
        "\"//|\"//"
      })
  void areReplacedByBlanksOutsideOfStrings(String json, String blanked) {
    assertThat(Comments.blank(json)).isEqualTo(blanked);
  }

  @ParameterizedTest
  @CsvSource({"'a//b\nc', 'a   \nc'", "'a//b\r\nc', 'a   \r\nc'", "'/*\r\n*/', '  \r\n  '"})
  void keepTheEndsOfLines(String json, String blanked) {
    assertThat(Comments.blank(json)).isEqualTo(blanked);
  }

  @ParameterizedTest
  @CsvSource({"'\"open\n//x', '\"open\n   '"})
  void beginAgainAfterAStringThatIsNotClosedInItsLine(String json, String blanked) {
    assertThat(Comments.blank(json)).isEqualTo(blanked);
  }
}
