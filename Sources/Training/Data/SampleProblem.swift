import Audio
import Decoding
import Ink
import Recognition

/// A sample that training cannot use, and why.
public struct SampleProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// Why a sample cannot be used.
  public enum Reason: Sendable, Equatable {
    /// There is no such file, or it may not be read.
    case missing(InputError)
    /// The file is damaged or of no known format.
    case unreadable(InputError)
    /// The page's file does not tell where the line is.
    case notOutlined(GroundTruthProblem)
    /// The picture of the page is not the one that the page's file describes.
    case wrongSize(found: String, expected: String)
    /// The recording holds samples that are infinite or not a number.
    case notFinite(InputError)
    /// The recording is longer than the limit in seconds.
    case tooLong(limit: Double)
    /// It has more frames than the limit.
    case tooManyFrames(found: Int, limit: Int)
    /// It is not what the recogniser perceives.
    case wrongInput(found: String, expected: Sense)
    /// Nothing is written, or nothing is left after normalisation.
    case emptyTranscript
    /// The transcript has characters that the alphabet lacks.
    case unknownCharacters(AlphabetError)
    /// The network puts out fewer frames than the transcript needs: one for each label, and one
    /// between two equal labels.
    case tooShort(frames: Int, needed: Int)
  }

  /// The sample.
  public var sample: Sample
  /// Why it cannot be used.
  public var reason: Reason

  /// A sample that cannot be used.
  public init(sample: Sample, reason: Reason) {
    self.sample = sample
    self.reason = reason
  }

  /// The manifest row, the sample's name and the reason.
  public var description: String { "\(sample.origin): \(sample.id): \(reason)" }
}

extension SampleProblem.Reason: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .missing(let error), .unreadable(let error), .notFinite(let error): "\(error)"
    case .notOutlined(let problem):
      "\(problem.file):\(problem.line): found \(problem.found), expected \(problem.expected)"
    case .wrongSize(let found, let expected):
      "the picture has \(found) pixels, its page file says \(expected)"
    case .unknownCharacters(let error): "\(error)"
    case .tooLong(let limit): "lasts longer than \(decimal(limit, 1)) s"
    case .tooManyFrames(let found, let limit): "has \(found) frames, expected at most \(limit)"
    case .wrongInput(let found, let expected): "is \(found), expected \(expected.words)"
    case .emptyTranscript: "the transcript is empty or missing"
    case .tooShort(let frames, let needed):
      "\(frames) frames of output, its transcript needs at least \(needed)"
    }
  }

  /// The heading under which reasons of this kind are counted.
  public var heading: String {
    switch self {
    case .missing: "file missing"
    case .unreadable: "file unreadable"
    case .notOutlined: "line without a usable outline"
    case .wrongSize: "picture of another size than the page file says"
    case .notFinite: "samples that are no finite numbers"
    case .tooLong: "recording too long"
    case .tooManyFrames: "too many frames"
    case .wrongInput: "not what the recogniser perceives"
    case .emptyTranscript: "transcript empty"
    case .unknownCharacters: "characters outside the alphabet"
    case .tooShort: "too short for its transcript"
    }
  }

  /// The reason that belongs to an error of reading.
  init(_ error: AudioError) {
    switch error {
    case .notFinite: self = .notFinite(.audio(error))
    case _ where error.category == .missingInput: self = .missing(.audio(error))
    default: self = .unreadable(.audio(error))
    }
  }

  /// The reason that belongs to an error of reading a picture.
  init(_ error: ImageError) {
    self = error.category == .missingInput ? .missing(.image(error)) : .unreadable(.image(error))
  }

  /// The reason that belongs to an error of reading strokes.
  init(_ error: StrokeError) {
    self =
      error.category == .missingInput ? .missing(.strokes(error)) : .unreadable(.strokes(error))
  }
}

/// Why an input cannot be read.
public enum InputError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A recording of sound.
  case audio(AudioError)
  /// A picture.
  case image(ImageError)
  /// A line of a page.
  case document(DocumentError)
  /// Pen strokes.
  case strokes(StrokeError)

  /// What the module that read it says.
  public var description: String {
    switch self {
    case .audio(let error): "\(error)"
    case .image(let error): "\(error)"
    case .document(let error): "\(error)"
    case .strokes(let error): "\(error)"
    }
  }
}

extension Sense {
  /// What it perceives, in words.
  public var words: String {
    switch self {
    case .sound: "a recording of sound"
    case .line: "a picture of a line"
    case .strokes: "pen strokes"
    }
  }
}

/// Why a training does not begin.
public enum AuditError: Error, Equatable, CustomStringConvertible {
  /// Some samples are unfit and the caller wanted none to be.
  case strict(problems: [SampleProblem], total: Int)
  /// No sample is fit.
  case nothingLeft(problems: [SampleProblem])

  /// How many samples are unfit, with the first of them.
  public var description: String {
    switch self {
    case .strict(let problems, let total):
      """
      \(problems.count) of \(total) samples are unfit, expected none (strict); first: \
      \(problems.first.map { "\($0)" } ?? ""); mend or remove them, or train without strict
      """
    case .nothingLeft(let problems):
      """
      none of \(problems.count) samples is fit for training; first: \
      \(problems.first.map { "\($0)" } ?? "")
      """
    }
  }
}
