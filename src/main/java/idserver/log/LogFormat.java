package idserver.log;

/** How a record is written. */
public enum LogFormat {
  /** A line for people: time, level, message; files {@code prefix-2026-01-31.log}. */
  TEXT(".log"),
  /** One JSON object a line, for programs; files {@code prefix-2026-01-31.jsonl}. */
  JSON(".jsonl");

  private final String extension;

  LogFormat(String extension) {
    this.extension = extension;
  }

  String extension() {
    return extension;
  }
}
