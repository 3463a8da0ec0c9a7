import Decoding
import Ink
import Recognition
import Training

/// The audit of one sample of a picture of a line.
enum Audits {
  /// Why it cannot be used; nil if it can.
  static func reason(of sample: Sample) -> SampleProblem.Reason? {
    var configuration = LineFeatureConfiguration()
    configuration.normalization.height = 16
    let rules = DatasetAudit.Rules(
      alphabet: Alphabet(buildingFrom: [sample.text]), normalization: TextNormalization(),
      frameCount: { _ in 100 }, outputLength: { $0 })
    let signals = SignalSource.line(LineCache(LineFeatureExtractor(configuration)))
    return DatasetAudit([sample], rules: rules, signals: signals).problems.first?.reason
  }
}
