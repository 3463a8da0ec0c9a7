/// An error, or another figure, that was measured once and is stored with the model.
public struct MeasuredError: Codable, Sendable, Equatable {
  /// What it was measured on, for example `FSDD test, single digits`.
  public var data: String
  /// Wrong characters per character of the reference.
  public var characterErrorRate: Double?
  /// Wrong words per word of the reference.
  public var wordErrorRate: Double?
  /// Wrong classes per example.
  public var errorRate: Double?
  /// The similarity of translations to references, 0...100; more is better.
  public var bleu: Double?
  /// How many recordings, lines, examples or sentences it was measured on.
  public var count: Int?

  /// A figure.
  public init(
    data: String, characterErrorRate: Double? = nil, wordErrorRate: Double? = nil,
    errorRate: Double? = nil, bleu: Double? = nil, count: Int? = nil
  ) {
    self.data = data
    self.characterErrorRate = characterErrorRate
    self.wordErrorRate = wordErrorRate
    self.errorRate = errorRate
    self.bleu = bleu
    self.count = count
  }
}

extension ModelFile {
  /// Adds a figure to the metadata, in place of an older one on data of the same name.
  public mutating func add(_ error: MeasuredError) throws(CheckpointError) {
    var known: [MeasuredError] = []
    if self[.measuredErrors] != nil {
      known = try decode([MeasuredError].self, from: .measuredErrors)
    }
    known.removeAll { $0.data == error.data }
    try encode(known + [error], as: .measuredErrors)
  }
}
