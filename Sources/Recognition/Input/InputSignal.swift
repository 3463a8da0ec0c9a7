import Audio
import Ink

/// What a recogniser perceives.
public enum Sense: String, Codable, CaseIterable, Sendable {
  /// Recordings.
  case sound
  /// Pictures of lines of writing.
  case line
  /// The strokes of a pen.
  case strokes
}

/// One thing to recognise, before it becomes features.
public enum InputSignal: Sendable, Equatable {
  /// Sound at the sample rate of the features.
  case sound(Waveform)
  /// A line of writing, normalised by the configuration of the features.
  case line(GrayImage)
  /// A line of writing as the pen moved.
  case strokes(PenRecording)

  /// The sense that perceives it.
  public var sense: Sense {
    switch self {
    case .sound: .sound
    case .line: .line
    case .strokes: .strokes
    }
  }

  /// The seconds that it lasts; 0 for what has no duration.
  public var duration: Double {
    if case .sound(let waveform) = self { waveform.duration } else { 0 }
  }
}
