package idserver.reserve;

import java.io.IOException;
import java.nio.file.Path;

/** The local high-water file could not be written: no block may be handed out until it can. */
public final class HighWaterException extends StoreException {
  private static final long serialVersionUID = 1;

  HighWaterException(Path file, IOException cause) {
    super(
        file
            + " cannot be written: "
            + cause.getMessage()
            + ". Free space on its disk, or mend the permissions of its directory.",
        cause);
  }

  @Override
  public String forOperator() {
    return "The high-water file does not take what is reserved: ids go on while blocks last, and it is"
        + " tried again until it does. "
        + getMessage();
  }
}
