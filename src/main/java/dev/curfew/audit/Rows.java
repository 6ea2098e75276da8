package dev.curfew.audit;

import java.io.IOException;
import java.io.OutputStream;

/** How rows become a file. */
interface Rows {

  void start() throws IOException;

  void write(Moment moment) throws IOException;

  /** Everything written so far has reached the stream. */
  void flush() throws IOException;

  void end(Manifest manifest) throws IOException;

  static Rows of(Export.Format format, OutputStream out) {
    return switch (format) {
      case CSV -> new CsvRows(out);
      case JSONL -> new JsonRows(out);
    };
  }
}
