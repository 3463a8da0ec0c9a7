/// SubRip's captions: a number, times with a comma, lines, and an empty line.
enum SubRip {
  static func text(_ captions: [Caption]) -> String {
    captions.enumerated().map { index, caption in
      let start = TimeText.clock(caption.start, decimalMark: ",")
      let end = TimeText.clock(caption.end, decimalMark: ",")
      // The format has no way to escape its arrow, which could start a caption of its own.
      let lines = caption.text.map { withoutArrows($0) + "\n" }.joined()
      return "\(index + 1)\n\(start) --> \(end)\n\(lines)\n"
    }.joined()
  }

  /// `->` for `-->`, and for arrows with longer shafts.
  private static func withoutArrows(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == ">", result.last == "-" {
        while result.last == "-" { result.removeLast() }
        result.append("-")
      }
      result.append(scalar)
    }
    return String(result)
  }
}

/// Captions for browsers: https://www.w3.org/TR/webvtt1/.
enum WebVTT {
  static func text(_ captions: [Caption], wordTimestamps: Bool) -> String {
    "WEBVTT\n\n"
      + captions.map { caption in
        var clock = caption.start
        let lines = caption.lines.map { line in
          line.map { word in
            var tag = ""
            // Time tags must rise, and lie inside their caption.
            if wordTimestamps, word.start > clock, word.start < caption.end {
              tag = "<\(TimeText.clock(word.start))>"
              clock = word.start
            }
            return tag + escaped(word.text)
          }.joined(separator: " ") + "\n"
        }.joined()
        return "\(TimeText.clock(caption.start)) --> \(TimeText.clock(caption.end))\n\(lines)\n"
      }.joined()
  }

  /// With `>` escaped no arrow is left either.
  private static func escaped(_ text: String) -> String {
    PlainText.replacing(text) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: nil
      }
    }
  }
}
