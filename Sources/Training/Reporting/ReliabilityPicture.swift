import Decoding
import Pictures

extension ReliabilityDiagram {
  /// Confidences of words as they were and calibrated, side by side, with their expected calibration
  /// errors.
  public init(_ tuning: ConfidenceTuning, title: String = "Confidence of words") {
    self.init(
      title: title,
      panels: [
        Panel("Without calibration", tuning.before), Panel("Cross-validated", tuning.after),
      ])
  }
}

extension ReliabilityDiagram.Panel {
  /// The bins of equal width, under a title with the expected calibration error.
  public init(_ name: String, _ measures: CalibrationMeasures) {
    let tenths = (measures.expectedCalibrationError * 1000).rounded() / 10
    self.init(
      title: "\(name): ECE \(tenths) %, \(measures.count) words",
      bins: measures.bins.map {
        ReliabilityDiagram.Bin(
          lower: $0.lower, upper: $0.upper, count: $0.count, confidence: $0.confidence,
          accuracy: $0.accuracy)
      })
  }
}
