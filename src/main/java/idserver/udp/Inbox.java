package idserver.udp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Datagrams that have come and are answered together. Confined to the thread of its loop. */
final class Inbox {
  /** How many there is room for. */
  static final int ROOM = 32;

  /** A datagram of this length may have been longer: one byte more than is allowed. */
  static final int CUT = UdpListener.LARGEST_DATAGRAM + 1;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CUT);
  private final byte[][] datagrams = new byte[ROOM][CUT];
  private final int[] lengths = new int[ROOM];
  private final @Nullable SocketAddress[] senders = new SocketAddress[ROOM];
  private int size;

  /** Takes one more, for which there is room; false when none has come. */
  boolean receive(DatagramChannel channel) throws IOException {
    SocketAddress sender = channel.receive(buffer.clear());
    if (sender == null) {
      return false;
    }
    int length = buffer.position();
    buffer.get(0, datagrams[size], 0, length);
    lengths[size] = length;
    senders[size] = sender;
    size++;
    return true;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == ROOM;
  }

  /** The bytes of one, which are those up to its length. */
  byte[] datagram(int place) {
    return datagrams[place];
  }

  int length(int place) {
    return lengths[place];
  }

  SocketAddress sender(int place) {
    SocketAddress sender = senders[place];
    if (sender == null) {
      throw new IndexOutOfBoundsException(place);
    }
    return sender;
  }

  void clear() {
    size = 0;
  }
}
