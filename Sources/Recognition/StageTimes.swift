/// How long the stages of transcribing took.
public struct StageTimes: Sendable, Equatable {
  /// Reading, decoding and resampling sound.
  public var reading = Duration.zero
  /// Computing features.
  public var features = Duration.zero
  /// Running the network.
  public var network = Duration.zero
  /// Turning log-probabilities into text.
  public var decoding = Duration.zero

  /// No time at all.
  public init() {}

  /// Runs `body` and adds the time it takes to a stage.
  mutating func measure<Result, Failure: Error>(
    _ stage: WritableKeyPath<StageTimes, Duration>, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = ContinuousClock.now
    defer { self[keyPath: stage] += ContinuousClock.now - start }
    return try body()
  }
}
