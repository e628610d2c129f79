package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewNamesTest {
  private static final int MOST = 100;

  private final NewNames names = new NewNames(MOST, 42);

  private long allowed(String address, int names) throws UnknownHostException {
    InetAddress source = InetAddress.getByName(address);
    return IntStream.range(0, names).filter(i -> this.names.allows(source)).count();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,   192.0.2.200",
    "2001:db8::1, 2001:db8:0:ff::2",
  })
  void aNetworkBringsSoManyAndNoMore(String one, String sameNetwork) throws Exception {
    assertThat(allowed(one, 60)).isEqualTo(60);
    assertThat(allowed(sameNetwork, 1000)).isEqualTo(40);
    assertThat(allowed(one, 1000)).isZero();
  }

  @Test
  void whatOneNetworkBringsIsNotTakenFromAnother() throws Exception {
    assertThat(allowed("192.0.2.1", 1_000_000)).isEqualTo(MOST);
    assertThat(allowed("192.0.3.1", 1000)).isEqualTo(MOST);
    assertThat(allowed("2001:db8::1", 1000)).isEqualTo(MOST);
    assertThat(allowed("2001:db8:0:100::1", 1000)).isEqualTo(MOST);
  }

  @Test
  void fewOfManyNetworksSuffer() throws Exception {
    for (int i = 0; i < 800; i++) {
      allowed("10." + i / 256 + "." + i % 256 + ".1", MOST);
    }

    int full = 0;
    for (int i = 0; i < 256; i++) {
      full += allowed("172.16." + i + ".1", 1) == 0 ? 1 : 0;
    }
    assertThat(full).isLessThan(256 / 20);
  }

  @Test
  void whoIsNotKnownBringsAnyNumber() {
    assertThat(IntStream.range(0, 1000).allMatch(i -> names.allows(null))).isTrue();
  }
}
