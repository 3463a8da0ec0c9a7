import Audio
import Configuration
import Decoding
import Tensors

extension Recognizer {
  /// Seconds of sound that go through the network in one group.
  static let groupDuration = 120.0

  /// The text of a recording of any length, in memory that does not grow with it.
  ///
  /// The recording is read in blocks and becomes utterances by ``SegmentationConfiguration``. Each is
  /// decoded on its own and is a segment of the transcript; where it went through the network in
  /// pieces, the rows are joined in the middle of their overlap and the decoder goes on.
  ///
  /// - Parameters:
  ///   - stream: At the extractor's sample rate.
  ///   - segmentation: Must be valid.
  ///   - progress: Called with the seconds transcribed so far.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func transcript(
    of stream: AudioStream, decoder: some TranscriptDecoder,
    segmentation: SegmentationConfiguration = SegmentationConfiguration(),
    progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> Transcript {
    var times = StageTimes()
    return try transcript(
      of: stream, decoder: decoder, segmentation: segmentation, times: &times, progress: progress)
  }

  /// The text of a recording of any length, and how long each stage took.
  ///
  /// - Parameter times: The time of each stage is added to what it holds.
  /// - Throws: `AudioError` if the recording turns out to be damaged.
  public func transcript(
    of stream: AudioStream, decoder: some TranscriptDecoder,
    segmentation: SegmentationConfiguration = SegmentationConfiguration(),
    times: inout StageTimes, progress: (Double) -> Void = { _ in }
  ) throws(AudioError) -> Transcript {
    guard case .sound(let extractor) = extractor, stream.sampleRate == extractor.sampleRate else {
      preconditionFailure(
        "Recognizer: a stream at \(stream.sampleRate) Hz for features of \(self.extractor.sense)")
    }
    var reader = utteranceReader(stream, segmentation)
    var utterances = UtteranceDecoding(recognizer: self, decoder: decoder)
    while true {
      let group = try times.measure(\.reading) { () throws(AudioError) in
        try reader.next(seconds: Self.groupDuration)
      }
      guard !group.isEmpty else { break }
      let features = times.measure(\.features) {
        WorkerPool.results(group.count) { extractor(group[$0].waveform) }
      }
      let probabilities = times.measure(\.network) { logProbabilities(similar: features) }
      times.measure(\.decoding) { utterances.advance(zip(group, probabilities).map { $0 }) }
      progress(reader.position)
    }
    progress(reader.position)
    return utterances.transcript
  }

  func utteranceReader(
    _ stream: AudioStream, _ segmentation: SegmentationConfiguration
  ) -> UtteranceReader {
    do {
      return try UtteranceReader(stream, segmentation, quantum: samplesPerFrame)
    } catch {
      preconditionFailure("Recognizer: the segmentation is not valid: \(error)")
    }
  }

  /// Samples from one frame that comes out of the network to the next.
  var samplesPerFrame: Int {
    configuration.features.sound.hopSamples * model.frameStride
  }

  /// The log-probabilities of sequences of any lengths, those of similar length together.
  package func logProbabilities(similar features: [Tensor]) -> [Tensor] {
    var results = [Tensor?](repeating: nil, count: features.count)
    let order = features.indices.sorted {
      (features[$1].shape[0], $0) < (features[$0].shape[0], $1)
    }
    var rest = order[...]
    while let first = rest.first {
      // Padding costs as much as sound.
      let least = features[first].shape[0] * 3 / 4
      let batch = rest.prefix { features[$0].shape[0] >= least }
      for (index, rows) in zip(batch, logProbabilities(batch.map { features[$0] })) {
        results[index] = rows
      }
      rest = rest.dropFirst(batch.count)
    }
    return results.compactMap { $0 }
  }
}
