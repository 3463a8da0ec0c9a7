/// An error that was measured once and is stored with the model.
public struct MeasuredError: Codable, Sendable, Equatable {
  /// What it was measured on, for example `FSDD test, single digits`.
  public var data: String
  /// Wrong characters per character of the reference.
  public var characterErrorRate: Double?
  /// Wrong words per word of the reference.
  public var wordErrorRate: Double?
  /// Wrong classes per example.
  public var errorRate: Double?
  /// How many recordings, lines or examples it was measured on.
  public var count: Int?

  /// A figure.
  public init(
    data: String, characterErrorRate: Double? = nil, wordErrorRate: Double? = nil,
    errorRate: Double? = nil, count: Int? = nil
  ) {
    self.data = data
    self.characterErrorRate = characterErrorRate
    self.wordErrorRate = wordErrorRate
    self.errorRate = errorRate
    self.count = count
  }
}
