import ModelFiles
import Recognition
import Training

/// What `scribe quantize` tells.
struct QuantizationReport: Encodable {
  /// The error rates on a manifest, before and after.
  struct Check: Encodable {
    var manifest: String
    var count: Int
    var characterErrorRate: Change
    var wordErrorRate: Change
  }

  /// A rate before and after.
  struct Change: Encodable {
    var before: Double
    var after: Double
    var difference: Double

    init(_ before: Double, _ after: Double) {
      (self.before, self.after, difference) = (before, after, after - before)
    }
  }

  var model: String
  var output: String
  var bytesBefore: Int
  var bytesAfter: Int
  var quantization: Quantization
  var check: Check?

  init(_ quantization: Quantization, model: String, output: String, before: Int, after: Int) {
    (self.quantization, self.model, self.output) = (quantization, model, output)
    (bytesBefore, bytesAfter) = (before, after)
  }

  /// Adds what both models have read.
  mutating func add(before: EvaluationResult, after: EvaluationResult, manifest: String) {
    check = Check(
      manifest: manifest, count: after.lines.count,
      characterErrorRate: Change(before.characterErrorRate, after.characterErrorRate),
      wordErrorRate: Change(before.wordErrorRate, after.wordErrorRate))
  }

  /// The report for people.
  var text: String {
    let ratio = Double(bytesBefore) / Double(max(1, bytesAfter))
    var text = """
      \(model.printable): \(bytesBefore.megabytes), \(output.printable): \(bytesAfter.megabytes) \
      (\(ratio.fixed(2)) times smaller)
      \(quantization.matrixCount) weight matrices in 8 bits; \(error)

      """
    if !quantization.kept.isEmpty {
      text += "kept: \(quantization.kept.joined(separator: ", ").printable)\n"
    }
    return text + (check.map(Self.text) ?? "")
  }

  private var error: String {
    guard let worst = quantization.worstMatrix else { return "nothing was rounded" }
    return "greatest relative rounding error \(quantization.greatestError.percent) (\(worst))"
      .printable
  }

  private static func text(_ check: Check) -> String {
    var table = Table(["", "BEFORE", "AFTER", "DIFFERENCE"], numeric: [1, 2, 3])
    for (name, change) in [("CER", check.characterErrorRate), ("WER", check.wordErrorRate)] {
      let points = (change.difference * 100).fixed(2)
      let sign = points.hasPrefix("-") || change.difference == 0 ? "" : "+"
      table.add([
        name, change.before.percent, change.after.percent, "\(sign)\(points) points",
      ])
    }
    return "\n\(check.manifest.printable): \(check.count) samples\n\n\(table.text)"
  }
}
