package idserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RulesAdminTest {
  /** A console reads, and has the configuration file read again: it says no path, code or value. */
  @Test
  void nothingThatAConsoleCallsTakesAnArgument() {
    assertThat(RulesMXBean.class.getMethods())
        .isNotEmpty()
        .allSatisfy(method -> assertThat(method.getParameterCount()).as("%s", method).isZero());
  }
}
