import Decoding
import Recognition
import Tensors

/// The log-probabilities of a set of samples with their transcripts: all that a decoder sees of them.
///
/// Trying many weights of a decoder takes the network's time once.
public struct EmissionSet: Sendable {
  /// One sample.
  public struct Line: Sendable {
    /// Where it comes from.
    public var sample: Sample
    /// The transcript, normalised as the recogniser's transcripts are.
    public var reference: String
    /// `[time, label]`.
    public var logProbabilities: Tensor

    /// A sample whose reference is normalised already.
    public init(sample: Sample, reference: String, logProbabilities: Tensor) {
      (self.sample, self.reference, self.logProbabilities) = (sample, reference, logProbabilities)
    }
  }

  /// The samples that were read, in the order of the set.
  public var lines: [Line] = []
  /// The samples that could not be read, in the order of the set.
  public var problems: [SampleProblem] = []

  /// A set of such lines.
  public init(lines: [Line] = [], problems: [SampleProblem] = []) {
    (self.lines, self.problems) = (lines, problems)
  }

  /// Takes a set of samples through features and network, without augmentation.
  ///
  /// Recordings that are longer than what the set's cache loads are problems.
  ///
  /// - Parameters:
  ///   - dataset: Its features must be those of the recogniser.
  ///   - progress: Called with the number of samples done.
  public init(
    recognizer: Recognizer, dataset: Dataset, progress: (_ done: Int) -> Void = { _ in }
  ) {
    let epoch = dataset.evaluation()
    let pipeline = dataset.pipeline.withoutAugmentation
    var results = [Result<Tensor, SampleProblem>?](repeating: nil, count: epoch.samples.count)
    var done = 0
    for batch in epoch.plan.batches {
      let inputs = BatchReader.onAllThreads(batch.count) { index in
        Result { () throws(SampleProblem) in
          try Self.features(epoch.samples[batch[index]], pipeline)
        }
      }
      let features = inputs.compactMap { try? $0.get() }
      var rows = features.isEmpty ? [] : recognizer.logProbabilities(features)[...]
      for (index, input) in zip(batch, inputs) {
        results[index] = input.map { _ in rows.removeFirst() }
      }
      done += batch.count
      progress(done)
    }
    for (sample, result) in zip(epoch.samples, results) {
      switch result {
      case nil: preconditionFailure("EmissionSet: a sample was not read")
      case .failure(let problem): problems.append(problem)
      case .success(let rows):
        lines.append(
          Line(
            sample: sample, reference: dataset.pipeline.normalization(sample.text),
            logProbabilities: rows))
      }
    }
  }

  private static func features(
    _ sample: Sample, _ pipeline: SamplePipeline
  ) throws(SampleProblem) -> Tensor {
    do {
      return pipeline.extractor(try pipeline.signals.signal(of: sample))
    } catch {
      throw SampleProblem(sample: sample, reason: error)
    }
  }

  /// The errors that a decoder makes on the set. Lines are decoded on all threads.
  public func errors(
    of decoder: some TranscriptDecoder, alphabet: Alphabet
  ) -> (words: EditCounts, characters: EditCounts) {
    let readings = decoder.decode(batch: lines.map(\.logProbabilities))
    var tally = ErrorTally()
    for (line, reading) in zip(lines, readings) {
      let text = Transcript(reading[0], alphabet: alphabet, frameDuration: 1).text
      tally.add(reference: line.reference, hypothesis: text)
    }
    return (
      tally.words.reduce(EditCounts(), +), tally.characters.reduce(EditCounts(), +)
    )
  }
}
