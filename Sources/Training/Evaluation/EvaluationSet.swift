import Audio
import Recognition
import Synchronization
import Tensors

/// The samples of a manifest as a set to evaluate a recogniser on.
public enum EvaluationSet {
  /// Looks at the header of every recording and makes a set of those that can be opened.
  ///
  /// Unlike for training, no sample is left out for its transcript: an empty one, or characters
  /// that the recogniser cannot write, count as errors.
  ///
  /// - Parameter batchSize: How many samples go through the network together.
  /// - Returns: The set, and the samples whose recordings cannot be opened.
  public static func make(
    _ samples: [Sample], for recognizer: Recognizer, batchSize: Int
  ) -> (dataset: Dataset, problems: [SampleProblem]) {
    // Every recording is needed once, so none is kept; pages are, as they hold many lines.
    let signals = SignalSource(recognizer.extractor, byteLimit: 0, maximumDuration: 60)
    let results = Mutex([Result<Sample, SampleProblem>?](repeating: nil, count: samples.count))
    WorkerPool.perform(samples.count) { index in
      let result = measured(samples[index], for: recognizer, signals)
      results.withLock { $0[index] = result }
    }
    var (readable, problems) = ([Sample](), [SampleProblem]())
    for result in results.withLock({ $0 }) {
      switch result {
      case .success(let sample): readable.append(sample)
      case .failure(let problem): problems.append(problem)
      case nil: preconditionFailure("EvaluationSet: a sample was not looked at")
      }
    }
    let pipeline = SamplePipeline(
      signals: signals, extractor: recognizer.extractor, alphabet: recognizer.alphabet,
      normalization: recognizer.configuration.text, seed: 0)
    var batching = BatchConfiguration()
    batching.size = batchSize
    return (Dataset(recordings: readable, pipeline: pipeline, batching: batching), problems)
  }

  /// The sample with its length: of a recording as its header tells it, of others as it is.
  private static func measured(
    _ sample: Sample, for recognizer: Recognizer, _ signals: SignalSource
  ) -> Result<Sample, SampleProblem> {
    var sample = sample
    do throws(SampleProblem.Reason) {
      if case .audio(let clip) = sample.source, recognizer.extractor.sense == .sound {
        sample.duration = try duration(of: clip)
      } else {
        sample.frameCount = recognizer.extractor.frameCount(of: try signals.signal(of: sample))
      }
      return .success(sample)
    } catch {
      return .failure(SampleProblem(sample: sample, reason: error))
    }
  }

  private static func duration(of clip: AudioClip) throws(SampleProblem.Reason) -> Double {
    do throws(AudioError) {
      let info = try AudioFile.info(clip.path)
      // An open length is only known at the end; such a recording may be long.
      let end = min(clip.end ?? .infinity, info.duration ?? .infinity)
      return end.isFinite ? max(0, end - clip.start) : 61
    } catch {
      throw .init(error)
    }
  }
}
