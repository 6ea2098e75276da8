package dev.curfew.mfa;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** A text as a QR code, drawn as one SVG path: no script, no style, no image to fetch. */
public final class QrCode {

  private static final int QUIET = 4;

  private QrCode() {}

  /** An {@code svg} element that is safe to put into a page as it is. */
  public static String svg(String text, String label) {
    try {
      ByteMatrix dots = Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
      int size = dots.getWidth() + 2 * QUIET;
      return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
          + size
          + " "
          + size
          + "\" width=\"184\" height=\"184\" role=\"img\" aria-label=\""
          + label.replaceAll("[^A-Za-z0-9 ,.]", "")
          + "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
          + "<path fill=\"#000\" d=\""
          + path(dots)
          + "\"/></svg>";
    } catch (WriterException e) {
      throw new IllegalStateException("a short text fits into a QR code", e);
    }
  }

  private static String path(ByteMatrix dots) {
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < dots.getHeight(); y++) {
      for (int x = 0; x < dots.getWidth(); x++) {
        if (dots.get(x, y) == 1) {
          path.append('M').append(x + QUIET).append(' ').append(y + QUIET).append("h1v1h-1z");
        }
      }
    }
    return path.toString();
  }
}
