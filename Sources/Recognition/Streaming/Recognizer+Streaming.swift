import Audio

extension Recognizer {
  /// The parts that hear sound while it is still coming.
  ///
  /// - Throws: `StreamingError` that says what keeps this recogniser from it.
  public func streamingParts() throws(StreamingError) -> (
    features: FeatureExtractor, model: any StreamingModel
  ) {
    guard case .sound(let features) = extractor else {
      throw .wrongSense(found: extractor.sense == .line ? "pictures of lines" : "pen strokes")
    }
    guard let model = model as? any StreamingModel else {
      throw .wrongKind(found: configuration.model.kind.rawValue)
    }
    guard !givesStates else { throw .attention }
    if let obstacle = model.streamingObstacle { throw obstacle }
    guard features.supportsStreaming else {
      throw .normalization(found: features.configuration.normalization.rawValue)
    }
    return (features, model)
  }

  /// Whether this recogniser can hear sound while it is still coming.
  public var canStream: Bool { streamingDelay != nil }

  /// How many seconds after the beginning of a row's time its probabilities are known, not counting
  /// the time that computing takes; nil if the recogniser must hear the end first.
  ///
  /// The window of a frame, the frames that slopes and the context of the network need, and what a
  /// lookahead convolution sees.
  public var streamingDelay: Double? {
    guard let (features, model) = try? streamingParts() else { return nil }
    return Double(model.framesAhead) * features.hopDuration
      + StreamingFeatureExtractor.delay(of: features)
  }
}
