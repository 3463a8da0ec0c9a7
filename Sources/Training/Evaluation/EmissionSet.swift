import Audio
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
    /// The length of the input and its loudness, where the sample has known cuts to compare with.
    public var timed: (duration: Double, loudness: LoudnessCurve?)?

    /// A sample whose reference is normalised already.
    public init(
      sample: Sample, reference: String, logProbabilities: Tensor,
      timed: (duration: Double, loudness: LoudnessCurve?)? = nil
    ) {
      (self.sample, self.reference, self.logProbabilities) = (sample, reference, logProbabilities)
      self.timed = timed
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
    var results = [Result<Line, SampleProblem>?](repeating: nil, count: epoch.samples.count)
    var done = 0
    for batch in epoch.plan.batches {
      let inputs = BatchReader.onAllThreads(batch.count) { index in
        Result { () throws(SampleProblem) in try Input(epoch.samples[batch[index]], pipeline) }
      }
      let features = inputs.compactMap { try? $0.get().features }
      var rows = features.isEmpty ? [] : recognizer.logProbabilities(features)[...]
      for (index, input) in zip(batch, inputs) {
        let sample = epoch.samples[index]
        results[index] = input.map { input in
          Line(
            sample: sample, reference: pipeline.normalization(sample.text),
            logProbabilities: rows.removeFirst(), timed: input.timed)
        }
      }
      done += batch.count
      progress(done)
    }
    for result in results {
      switch result {
      case nil: preconditionFailure("EmissionSet: a sample was not read")
      case .failure(let problem): problems.append(problem)
      case .success(let line): lines.append(line)
      }
    }
  }

  /// What goes into the network, and what is kept of the sound for its times.
  private struct Input: Sendable {
    var features: Tensor
    var timed: (duration: Double, loudness: LoudnessCurve?)?

    init(_ sample: Sample, _ pipeline: SamplePipeline) throws(SampleProblem) {
      let signal: InputSignal
      do {
        signal = try pipeline.signals.signal(of: sample)
      } catch {
        throw SampleProblem(sample: sample, reason: error)
      }
      features = pipeline.extractor(signal)
      guard !sample.cuts.isEmpty else { return }
      var loudness: LoudnessCurve?
      if case .sound(let sound) = signal {
        loudness = LoudnessCurve(samples: sound.samples, sampleRate: sound.sampleRate)
      }
      timed = (signal.duration, loudness)
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

extension EmissionSet {
  /// Words with known cuts, to fit a timing to; none where the set has no cuts.
  ///
  /// - Parameter readings: The decoder's readings of the lines.
  public func timingExamples(
    _ readings: [[Hypothesis]], recognizer: Recognizer
  ) -> [WordTiming.Example] {
    zip(lines, readings).compactMap { line, readings in
      guard let (duration, loudness) = line.timed, duration > 0 else { return nil }
      let transcript = Transcript(
        readings[0], alphabet: recognizer.alphabet, frameDuration: recognizer.frameDuration)
      let known = line.sample.knownTimes(
        of: transcript.words, normalization: recognizer.configuration.text)
      return WordTiming.Example(
        transcript: transcript, starts: known.map(\.start), ends: known.map(\.end),
        duration: duration, loudness: loudness)
    }
  }
}
