import Audio
import Autograd
import Decoding
import Layers
import Recognition
import Synchronization
import Tensors

/// Reads a set of samples with a recogniser and compares what it writes with the transcripts.
public enum Evaluation {
  /// Runs a recogniser over all recordings of a set, without augmentation, by the greedy decoder.
  public static func run(
    recognizer: Recognizer, dataset: Dataset, withLoss: Bool = false,
    isStopped: () -> Bool = { false }, progress: (_ done: Int) -> Void = { _ in }
  ) -> EvaluationResult {
    run(
      recognizer: recognizer, decoder: recognizer.greedyDecoder, dataset: dataset,
      withLoss: withLoss, isStopped: isStopped, progress: progress)
  }

  /// Runs a recogniser over all recordings of a set, without augmentation.
  ///
  /// Samples of similar length go through the network together; recordings longer than what the
  /// set's cache loads are read in pieces, as in transcribing. A transcript with characters outside
  /// the alphabet, or with more than its frames can hold, counts with all its errors and has no
  /// loss. The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - dataset: Its features must be those of the recogniser.
  ///   - withLoss: Whether the mean loss is wanted too.
  ///   - timing: How the times of words follow from the decoder's; nil takes them as they are.
  ///   - isStopped: Asked between batches; if true, the result covers the samples so far.
  ///   - progress: Called with the number of samples done.
  public static func run(
    recognizer: Recognizer, decoder: some TranscriptDecoder, dataset: Dataset,
    withLoss: Bool = false, timing: WordTiming? = nil, isStopped: () -> Bool = { false },
    progress: (_ done: Int) -> Void = { _ in }
  ) -> EvaluationResult {
    let span = Profile.open(.evaluation)
    defer { span.close() }
    let clock = ContinuousClock()
    let start = clock.now
    let epoch = dataset.evaluation()
    let reader = BatchReader(
      recognizer: recognizer, pipeline: dataset.pipeline.withoutAugmentation, withLoss: withLoss,
      timing: timing)
    var readings = [Result<Reading, SampleProblem>?](repeating: nil, count: epoch.samples.count)
    var done = 0
    for batch in epoch.plan.batches {
      if isStopped() { break }
      let results = reader.read(batch.map { epoch.samples[$0] }, decoder: decoder)
      for (index, result) in zip(batch, results) { readings[index] = result }
      done += batch.count
      progress(done)
    }
    var result = EvaluationResult(
      readings, of: epoch.samples, normalization: dataset.pipeline.normalization)
    result.elapsed = (clock.now - start) / .seconds(1)
    return result
  }
}

extension EvaluationResult {
  fileprivate init(
    _ readings: [Result<Reading, SampleProblem>?], of samples: [Sample],
    normalization: TextNormalization
  ) {
    self.init()
    var losses: [Double] = []
    var tally = ErrorTally()
    for (sample, reading) in zip(samples, readings) {
      switch reading {
      case nil: continue
      case .failure(let problem): problems.append(problem)
      case .success(let reading):
        let reference = normalization(sample.text)
        let edits = tally.add(reference: reference, hypothesis: reading.text)
        var line = Line(
          sample: sample, reference: reference, hypothesis: reading.text, words: edits.words,
          characters: edits.characters)
        line.compareTimes(of: reading.words, normalization: normalization)
        lines.append(line)
        audioDuration += reading.duration
        if let loss = reading.loss { losses.append(loss) }
      }
    }
    if !losses.isEmpty { loss = losses.reduce(0, +) / Double(losses.count) }
  }
}

/// What was read from one sample.
struct Reading {
  var text: String
  var words: [Transcript.Word]
  var duration: Double
  var loss: Double?
}

/// Takes samples through features, network and decoder.
struct BatchReader {
  let recognizer: Recognizer
  let pipeline: SamplePipeline
  let withLoss: Bool
  let timing: WordTiming?

  /// The readings of samples that fit into the network together, in their order.
  func read(
    _ samples: [Sample], decoder: some TranscriptDecoder
  ) -> [Result<Reading, SampleProblem>] {
    let inputs = inputs(samples)
    var features: [Tensor] = []
    for case .success(.features(let tensor, _, _)) in inputs { features.append(tensor) }
    let probabilities = features.isEmpty ? [] : recognizer.logProbabilities(features)
    var written: [(sample: Sample, duration: Double, loudness: LoudnessCurve?)] = []
    for case (let sample, .success(.features(_, let duration, let loudness))) in zip(
      samples, inputs)
    { written.append((sample, duration, loudness)) }
    let lines = Self.onAllThreads(written.count) { [written] index in
      line(of: written[index], probabilities[index], decoder: decoder)
    }
    var next = lines.startIndex
    return zip(samples, inputs).map { sample, input in
      switch input {
      case .failure(let problem): return .failure(problem)
      case .success(.tooLong(let clip)):
        return transcribe(clip, of: sample, decoder: decoder)
      case .success(.features):
        defer { next += 1 }
        return .success(lines[next])
      }
    }
  }

  private enum Input {
    case features(Tensor, duration: Double, loudness: LoudnessCurve?)
    /// A recording that is better read in pieces.
    case tooLong(AudioClip)
  }

  /// Loads and analyses samples on all threads.
  private func inputs(_ samples: [Sample]) -> [Result<Input, SampleProblem>] {
    Self.onAllThreads(samples.count) { index in
      Result { () throws(SampleProblem) in try input(samples[index]) }
    }
  }

  /// What the log-probabilities of a sample say, and what they cost if that is wanted.
  private func line(
    of input: (sample: Sample, duration: Double, loudness: LoudnessCurve?),
    _ logProbabilities: Tensor, decoder: some TranscriptDecoder
  ) -> Reading {
    var transcript = decoder.transcript(
      of: logProbabilities, alphabet: recognizer.alphabet, frameDuration: recognizer.frameDuration)
    if let timing, input.duration > 0 {
      transcript = timing(transcript, to: input.duration, loudness: input.loudness)
    }
    return Reading(
      text: transcript.text, words: transcript.words, duration: input.duration,
      loss: withLoss ? loss(of: input.sample, logProbabilities) : nil)
  }

  /// The results of `body` in the order of their indices.
  static func onAllThreads<Value: Sendable>(
    _ count: Int, _ body: (Int) -> Value
  ) -> [Value] {
    let results = Mutex([Value?](repeating: nil, count: count))
    WorkerPool.perform(count) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0 }.map { result in
      guard let result else { preconditionFailure("Evaluation: a sample was not read") }
      return result
    }
  }

  private func input(_ sample: Sample) throws(SampleProblem) -> Input {
    if case .audio(let clip) = sample.source,
      sample.duration ?? 0 > pipeline.signals.maximumDuration
    {
      return .tooLong(clip)
    }
    do {
      let signal = try pipeline.signals.signal(of: sample)
      var loudness: LoudnessCurve?
      if timing != nil, case .sound(let sound) = signal {
        loudness = LoudnessCurve(samples: sound.samples, sampleRate: sound.sampleRate)
      }
      return .features(
        pipeline.extractor(signal), duration: signal.duration, loudness: loudness)
    } catch {
      throw SampleProblem(sample: sample, reason: error)
    }
  }

  private func transcribe(
    _ clip: AudioClip, of sample: Sample, decoder: some TranscriptDecoder
  ) -> Result<Reading, SampleProblem> {
    guard let sampleRate = recognizer.extractor.sound?.sampleRate else {
      preconditionFailure("Evaluation: a recording for a recogniser of \(pipeline.signals.sense)")
    }
    do {
      let stream = try AudioStream(
        clip.path, sampleRate: sampleRate, offset: clip.start,
        duration: clip.end.map { $0 - clip.start })
      var duration = 0.0
      let transcript = try recognizer.transcript(of: stream, decoder: decoder) { duration = $0 }
      return .success(
        Reading(text: transcript.text, words: transcript.words, duration: duration))
    } catch {
      return .failure(SampleProblem(sample: sample, reason: .init(error)))
    }
  }

  /// What a transcript costs, as in training; nil if it cannot be written in the alphabet, or not in
  /// so few frames.
  private func loss(of sample: Sample, _ logProbabilities: Tensor) -> Double? {
    guard
      let target = try? recognizer.alphabet.encode(pipeline.normalization(sample.text))
    else { return nil }
    let loss = recognizer.cost(of: target, logProbabilities)
    return loss == .infinity ? nil : loss
  }
}
