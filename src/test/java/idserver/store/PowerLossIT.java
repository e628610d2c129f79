package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.store.CutOffProcess.Flaw;
import idserver.testing.Folders;
import idserver.testing.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No reservation that was acknowledged is lost when the power fails: pictures are taken of the disk
 * below the embedded database and the high-water file while a process reserves, and each is opened
 * as after a power cut. How many is set by {@code power.images}; root alone can do it.
 *
 * <p>What programs and the kernel hold in memory is not in a picture. What the disk was given is,
 * all of it: a disk that loses or reorders what it has not been told to flush is not played, nor a
 * sector that is half written; and a picture is taken between two calls to the kernel, never within
 * one.
 */
class PowerLossIT {
  private static final int IMAGES = Integer.getInteger("power.images", 5);
  private static final int FLAWED_IMAGES = 2;
  private static final int DISK_MB = 256;
  private static final int LONGEST_PAUSE_MS = 1000;
  private static final int LONGEST_START_MS = 3000;

  /** A new random run each time; the seed is told, to repeat one with {@code power.seed}. */
  private static final long SEED = Long.getLong("power.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  @BeforeAll
  static void onlyWhereFileSystemsCanBeMounted() {
    assumeTrue(Mount.isPossible(), "mounting a file as a disk needs root and loop devices");
    System.out.printf("power.images=%d power.seed=%d%n", IMAGES, SEED);
  }

  @Test
  void everyPictureOfTheDiskHoldsWhatWasAcknowledged() throws Exception {
    Path place = Folders.fresh("PowerLossIT");
    Path image = Mount.blank(place.resolve("disk.image"), DISK_MB);
    long acknowledged = 0;
    try (Mount disk = Mount.ext4(image, place.resolve("disk"));
        CutOffProcess process = start(disk, Flaw.NONE, place)) {
      for (int i = 1; i <= IMAGES; i++) {
        Picture picture = take(disk, image, process, random.nextInt(LONGEST_PAUSE_MS));
        assertThat(losses(picture)).as("picture %d, %s", i, picture).isEmpty();
        acknowledged = picture.acknowledgements();
      }
    }
    System.out.printf("%d pictures: %d numbers acknowledged%n", IMAGES, acknowledged);
  }

  @Test
  void aPictureOfAFirstStartIsStartedFrom() throws Exception {
    for (int i = 1; i <= IMAGES; i++) {
      Path place = Folders.fresh("PowerLossIT-start");
      Path image = Mount.blank(place.resolve("disk.image"), DISK_MB);
      try (Mount disk = Mount.ext4(image, place.resolve("disk"));
          CutOffProcess process = CutOffProcess.start(disk.folder(), Flaw.NONE, told(place))) {
        Picture picture = take(disk, image, process, random.nextInt(LONGEST_START_MS));
        assertThat(losses(picture)).as("picture %d, %s", i, picture).isEmpty();
      }
    }
  }

  @Test
  void aDatabaseThatIsNotSynchronisedIsFoundOut() throws Exception {
    assertThat(lossesWith(Flaw.UNSYNCED_DATABASE)).isNotEmpty();
  }

  @Test
  void aHighWaterFileThatIsNotSynchronisedIsFoundOut() throws Exception {
    assertThat(lossesWith(Flaw.UNSYNCED_FILE)).isNotEmpty();
  }

  /** What some pictures lack. */
  private List<String> lossesWith(Flaw flaw) throws Exception {
    Path place = Folders.fresh("PowerLossIT-" + flaw);
    Path image = Mount.blank(place.resolve("disk.image"), DISK_MB);
    List<String> losses = new ArrayList<>();
    try (Mount disk = Mount.ext4(image, place.resolve("disk"));
        CutOffProcess process = start(disk, flaw, place)) {
      for (int i = 1; i <= FLAWED_IMAGES; i++) {
        List<String> lost = losses(take(disk, image, process, random.nextInt(LONGEST_PAUSE_MS)));
        System.out.printf("%s, picture %d: %d losses%n", flaw, i, lost.size());
        losses.addAll(lost);
      }
    }
    return losses;
  }

  private static Path told(Path place) {
    return place.resolve("told");
  }

  /** Returns when it has begun to reserve. */
  private static CutOffProcess start(Mount disk, Flaw flaw, Path place) throws IOException {
    CutOffProcess process = CutOffProcess.start(disk.folder(), flaw, told(place));
    await()
        .atMost(Duration.ofMinutes(1))
        .failFast("it ended", () -> !process.isAlive())
        .until(() -> !process.acknowledged().isEmpty());
    return process;
  }

  /** A copy of the disk, and what had been acknowledged before it was made. */
  private record Picture(Path image, Map<Integer, Long> acknowledged) {
    long acknowledgements() {
      return acknowledged.values().stream().mapToLong(highest -> highest + 1).sum();
    }
  }

  private static Picture take(Mount disk, Path image, CutOffProcess process, int afterMs)
      throws IOException {
    pass(afterMs);
    assertThat(process.isAlive()).isTrue();
    process.pause();
    Picture picture = new Picture(image.resolveSibling("picture.image"), process.acknowledged());
    disk.copyDisk(image, picture.image());
    process.resume();
    return picture;
  }

  /** What was acknowledged and is not in the picture; a picture that is sound is deleted. */
  private static List<String> losses(Picture picture) throws IOException {
    List<String> losses = new ArrayList<>();
    try (Mount copy = Mount.ext4(picture.image(), picture.image().resolveSibling("picture"))) {
      List<Recovered> recovered = Recovered.in(copy.folder());
      picture
          .acknowledged()
          .forEach(
              (counter, highest) -> {
                Recovered found = recovered.get(counter);
                String which = " of counter " + counter + ", " + highest + ": " + found;
                if (found.row() < highest) {
                  losses.add("row" + which);
                }
                if (found.mark() < highest) {
                  losses.add("mark" + which);
                }
                if (found.next() <= highest) {
                  losses.add("next" + which);
                }
              });
    } catch (IOException e) {
      losses.add("all: " + e.getMessage());
    }
    if (losses.isEmpty()) {
      Files.delete(picture.image());
    }
    return losses;
  }

  /** Lets the process go on up to this moment. */
  private static void pass(int millis) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
        .join();
  }
}
