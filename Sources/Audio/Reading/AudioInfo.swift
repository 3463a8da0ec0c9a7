import CSndFile

/// What a recording's header says, checked against the file, without decoding it.
public struct AudioInfo: Sendable, Equatable {
  /// Frames per second.
  public var sampleRate: Int
  /// Interleaved channels.
  public var channelCount: Int
  /// Frames, if that is known before the end is reached.
  public var frameCount: Int?
  /// The format in words: `WAV (Microsoft), Signed 16 bit PCM`.
  public var format: String
  /// What is odd about the file.
  public var warnings: [AudioWarning]

  /// The length in seconds, if the frame count is known.
  public var duration: Double? { frameCount.map { Double($0) / Double(sampleRate) } }
}

/// libsndfile's words for a format word: the container and the encoding of the samples.
func formatName(_ format: Int32) -> String {
  func name(_ code: Int32) -> String {
    var info = SF_FORMAT_INFO()
    info.format = code
    let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
    guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &info, size) == 0, let text = info.name else {
      return "format 0x" + String(code, radix: 16)
    }
    return String(cString: text)
  }
  let container = name(format & Int32(SF_FORMAT_TYPEMASK))
  return "\(container), \(name(format & Int32(SF_FORMAT_SUBMASK)))"
}

/// What the first bytes of a file that is no recording look like, for a message.
func describeContent(_ head: [UInt8]) -> String {
  let isText = head.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) }
  if isText, let text = String(validating: head.prefix(64).prefix { $0 >= 32 }, as: UTF8.self) {
    return "text beginning \"\(text.prefix(32))\""
  }
  let digits = head.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
  return "bytes beginning \(digits.joined(separator: " "))"
}
