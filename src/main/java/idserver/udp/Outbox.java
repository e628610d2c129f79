package idserver.udp;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Answers that are sent together. Confined to the thread of its loop. */
final class Outbox {
  private final ByteBuffer[] answers = new ByteBuffer[Inbox.ROOM];
  private final @Nullable SocketAddress[] receivers = new SocketAddress[Inbox.ROOM];
  private int size;

  Outbox() {
    for (int i = 0; i < answers.length; i++) {
      answers[i] = ByteBuffer.allocateDirect(UdpListener.LARGEST_DATAGRAM);
    }
  }

  boolean isFull() {
    return size == answers.length;
  }

  /** Copies an answer, for which there is room. */
  void add(byte[] answer, int length, SocketAddress to) {
    answers[size].clear().put(answer, 0, length).flip();
    receivers[size] = to;
    size++;
  }

  /** Hands each answer to that, in the order they came, and is empty. */
  void empty(BiConsumer<ByteBuffer, SocketAddress> sender) {
    for (int i = 0; i < size; i++) {
      SocketAddress to = receivers[i];
      if (to != null) {
        sender.accept(answers[i], to);
      }
    }
    size = 0;
  }
}
