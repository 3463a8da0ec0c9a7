import Configuration

/// Why sound cannot be transcribed as it arrives.
public enum StreamingError: Error, Equatable, CustomStringConvertible {
  /// The model reads something else than sound.
  case wrongSense(found: String)
  /// The network is of a kind that sees the whole input at once.
  case wrongKind(found: String)
  /// The network has layers that read from the end.
  case readsBackward
  /// The features are normalised by what the whole recording holds.
  case normalization(found: String)
  /// The text is spelled with attention to the whole recording.
  case attention
  /// A sample is infinite or not a number.
  case notFinite(sample: Int, value: String)
  /// A rule of where lines end is out of range.
  case configuration(ConfigurationError)

  /// One line that says what was found, what was expected, and what to do.
  public var description: String {
    let model = "the model cannot transcribe sound as it arrives: "
    let advice =
      "; choose one that can, such as digits-en-streaming, or transcribe without streaming"
    return switch self {
    case .wrongSense(let found): model + "it reads \(found), expected recordings" + advice
    case .wrongKind(let found):
      model + "its network is \(found), expected deepSpeech2 with direction: forward" + advice
    case .readsBackward:
      model + "its layers read from the end of the recording too, expected direction: forward"
        + advice
    case .normalization(let found):
      model + "its features have normalization: \(found), which must hear the end first, expected "
        + "dataset or none" + advice
    case .attention:
      model
        + "its attentive decoder must hear the end first; decode by CTC alone (--decoder ctc), or "
        + "transcribe without streaming"
    case .notFinite(let sample, let value):
      "the sound has the value \(value) at sample \(sample), expected finite numbers; "
        + "look for what is wrong with the source"
    case .configuration(let error): error.description
    }
  }
}
