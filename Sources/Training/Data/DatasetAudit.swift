import Audio
import Decoding
import Recognition
import Synchronization
import Tensors

/// Looks at every sample before the first step of a training.
///
/// Each file is decoded once, on several threads, and stays in the cache as far as that has
/// room. What is unfit is listed with its reason and left out; nothing is left out silently.
public struct DatasetAudit: Sendable {
  /// What a sample must satisfy.
  public struct Rules: Sendable {
    /// The characters that the network can write.
    public var alphabet: Alphabet
    /// What is done to transcripts before they are written in the alphabet.
    public var normalization: TextNormalization
    /// The number of frames of a signal's features.
    public var frameCount: @Sendable (_ signal: InputSignal) -> Int
    /// The number of frames that the network puts out for so many.
    public var outputLength: @Sendable (_ frameCount: Int) -> Int
    /// The longest recording in seconds; at most the cache's.
    public var maximumDuration: Double
    /// The most frames of features.
    public var maximumFrames: Int

    /// Rules; see the properties.
    public init(
      alphabet: Alphabet, normalization: TextNormalization, maximumDuration: Double = 120,
      maximumFrames: Int = .max, frameCount: @escaping @Sendable (_ signal: InputSignal) -> Int,
      outputLength: @escaping @Sendable (_ frameCount: Int) -> Int
    ) {
      self.alphabet = alphabet
      self.normalization = normalization
      self.maximumDuration = maximumDuration
      self.maximumFrames = maximumFrames
      self.frameCount = frameCount
      self.outputLength = outputLength
    }
  }

  /// The samples that are fit, in their order, with their length as it was measured.
  public let accepted: [Sample]
  /// The samples that are not, in their order.
  public let problems: [SampleProblem]

  /// The number of samples looked at.
  public var total: Int { accepted.count + problems.count }

  /// Checks samples.
  ///
  /// - Parameters:
  ///   - progress: Called after each sample, from any thread, with the number of samples done.
  public init(
    _ samples: [Sample], rules: Rules, signals: SignalSource,
    progress: (@Sendable (_ done: Int) -> Void)? = nil
  ) {
    let verdicts = Mutex([Result<Sample, SampleProblem>?](repeating: nil, count: samples.count))
    let done = Atomic(0)
    WorkerPool.perform(samples.count) { index in
      let verdict = Self.check(samples[index], rules: rules, signals: signals)
      verdicts.withLock { $0[index] = verdict }
      progress?(done.add(1, ordering: .relaxed).newValue)
    }
    var (accepted, problems) = ([Sample](), [SampleProblem]())
    for verdict in verdicts.withLock({ $0 }) {
      switch verdict {
      case .success(let sample): accepted.append(sample)
      case .failure(let problem): problems.append(problem)
      case nil: preconditionFailure("DatasetAudit: a sample was not looked at")
      }
    }
    self.accepted = accepted
    self.problems = problems
  }

  /// The samples to train on.
  ///
  /// - Parameter strict: Whether a single unfit sample is an error.
  /// - Throws: `AuditError` if there are unfit samples and `strict` is set, or no fit one at all.
  public func samples(strict: Bool) throws(AuditError) -> [Sample] {
    if strict, !problems.isEmpty { throw .strict(problems: problems, total: total) }
    if accepted.isEmpty { throw .nothingLeft(problems: problems) }
    return accepted
  }

  private static func check(
    _ sample: Sample, rules: Rules, signals: SignalSource
  ) -> Result<Sample, SampleProblem> {
    var sample = sample
    do throws(SampleProblem.Reason) {
      if let defect = sample.defect { throw defect }
      let labels = try labels(of: sample.text, rules: rules)
      let signal = try signals.signal(of: sample)
      let limit = min(rules.maximumDuration, signals.maximumDuration)
      guard signal.duration <= limit else { throw SampleProblem.Reason.tooLong(limit: limit) }
      let frameCount = rules.frameCount(signal)
      guard frameCount <= rules.maximumFrames else {
        throw SampleProblem.Reason.tooManyFrames(found: frameCount, limit: rules.maximumFrames)
      }
      let (frames, needed) = (rules.outputLength(frameCount), Self.framesNeeded(for: labels))
      guard frames >= needed else {
        throw SampleProblem.Reason.tooShort(frames: frames, needed: needed)
      }
      // Strings of recordings are measured in seconds, so recordings keep that measure.
      if case .sound = signal {
        sample.duration = signal.duration
      } else {
        sample.frameCount = frameCount
      }
      return .success(sample)
    } catch {
      return .failure(SampleProblem(sample: sample, reason: error))
    }
  }

  private static func labels(
    of text: String, rules: Rules
  ) throws(SampleProblem.Reason) -> [Int] {
    do {
      let labels = try rules.alphabet.encode(rules.normalization(text))
      guard labels.isEmpty else { return labels }
    } catch {
      throw .unknownCharacters(error)
    }
    throw .emptyTranscript
  }

  /// The fewest frames in which CTC can write these labels: equal neighbours need a blank between.
  public static func framesNeeded(for labels: [Int]) -> Int {
    labels.count + zip(labels, labels.dropFirst()).count { $0 == $1 }
  }
}

extension SampleProblem.Reason: Error {}

extension DatasetAudit {
  /// The characters outside the alphabet, the most frequent first.
  public var unknownCharacters: [CharacterOccurrences] {
    var found: [Character: CharacterOccurrences] = [:]
    for problem in problems {
      guard case .unknownCharacters(.unknown(let occurrences)) = problem.reason else { continue }
      for occurrence in occurrences {
        let grapheme = occurrence.grapheme
        found[grapheme, default: .init(grapheme: grapheme, count: 0, samples: [])]
          .add(occurrence.count, problem.sample)
      }
    }
    return found.values.sorted { ($1.count, $0.grapheme) < ($0.count, $1.grapheme) }
  }

  /// A few lines: how many samples are fit, and for each reason how many are not, with examples.
  ///
  /// - Parameter examples: How many samples to name under each reason.
  public func summary(examples: Int = 3) -> String {
    guard !problems.isEmpty else { return "all \(total) samples are fit for training" }
    var lines = ["\(accepted.count) of \(total) samples are fit for training; left out:"]
    let groups = Dictionary(grouping: problems, by: \.reason.heading).sorted {
      ($1.value.count, $0.key) < ($0.value.count, $1.key)
    }
    for (heading, group) in groups {
      lines.append("  \(group.count) × \(heading)")
      lines += group.prefix(examples).map { "      \($0)" }
      if group.count > examples { lines.append("      and \(group.count - examples) more") }
    }
    let unknownCharacters = unknownCharacters
    for unknown in unknownCharacters.prefix(10) {
      let files = unknown.samples.prefix(examples).map(\.id).joined(separator: ", ")
      lines.append(
        "  \(unknown.grapheme.named) × \(unknown.count) in \(unknown.samples.count) samples: \(files)"
          + (unknown.samples.count > examples ? ", ..." : ""))
    }
    if unknownCharacters.count > 10 {
      lines.append("  and \(unknownCharacters.count - 10) more characters")
    }
    return lines.joined(separator: "\n")
  }

  /// Every unfit sample with its reason, a line each.
  public var fullList: String { problems.map { "\($0)\n" }.joined() }
}
