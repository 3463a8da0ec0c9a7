import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension AudioFile {
  /// How the samples of a written recording are encoded.
  public enum Encoding: Sendable, CaseIterable {
    /// Signed integers of 16 bits; what is beyond full scale is clipped.
    case pcm16
    /// Signed integers of 24 bits; what is beyond full scale is clipped.
    case pcm24
    /// IEEE floating point of 32 bits.
    case float32
  }

  /// Writes a mono WAV file; `-` is standard output.
  ///
  /// The file appears under its name when it is complete: it is written beside it and then renamed.
  /// A device or pipe is written to directly.
  ///
  /// - Throws: `AudioError.unwritable` with the system's reason, and the partial file is removed;
  ///   `AudioError.notFinite` if a sample cannot be written.
  public static func write(
    _ waveform: Waveform, to path: String, encoding: Encoding = .pcm16
  ) throws(AudioError) {
    if let frame = waveform.samples.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(file: path, frame: frame, value: "\(waveform.samples[frame])")
    }
    let bytes = try WaveEncoder(waveform, encoding).encode(file: path)
    do throws(FileError) {
      if path == "-" {
        try OutputFile.write(bytes, to: STDOUT_FILENO, path: "standard output")
      } else {
        try AtomicFile.writeThrough(bytes, to: path)
      }
    } catch {
      throw .unwritable(file: error.path, reason: error.reason)
    }
  }
}

/// The bytes of a mono WAV file (Multimedia Programming Interface and Data Specifications 1.0).
private struct WaveEncoder {
  let waveform: Waveform
  let encoding: AudioFile.Encoding
  private var bytes: [UInt8] = []

  init(_ waveform: Waveform, _ encoding: AudioFile.Encoding) {
    (self.waveform, self.encoding) = (waveform, encoding)
  }

  private var bytesPerSample: Int {
    switch encoding {
    case .pcm16: 2
    case .pcm24: 3
    case .float32: 4
    }
  }

  consuming func encode(file: String) throws(AudioError) -> [UInt8] {
    let size = waveform.samples.count * bytesPerSample
    guard size < ContainerHeader.openLength else {
      throw .unwritable(
        file: file, reason: "\(size) bytes of samples are more than a WAV file holds; split it")
    }
    bytes.reserveCapacity(size + 64)
    appendHeader(dataSize: size)
    switch encoding {
    case .pcm16: for sample in waveform.samples { append(quantize(sample, 0x1p15), 2) }
    case .pcm24: for sample in waveform.samples { append(quantize(sample, 0x1p23), 3) }
    case .float32: for sample in waveform.samples { append(Int(sample.bitPattern), 4) }
    }
    if size % 2 == 1 { bytes.append(0) }
    return bytes
  }

  private mutating func appendHeader(dataSize: Int) {
    let isFloat = encoding == .float32
    // A format other than PCM has an extension size and a fact chunk.
    append("RIFF")
    append(4 + (isFloat ? 26 + 12 : 24) + 8 + dataSize + dataSize % 2, 4)
    append("WAVEfmt ")
    append(isFloat ? 18 : 16, 4)
    append(isFloat ? 3 : 1, 2)
    append(1, 2)
    append(waveform.sampleRate, 4)
    append(waveform.sampleRate * bytesPerSample, 4)
    append(bytesPerSample, 2)
    append(bytesPerSample * 8, 2)
    if isFloat {
      append(0, 2)
      append("fact")
      append(4, 4)
      append(waveform.samples.count, 4)
    }
    append("data")
    append(dataSize, 4)
  }

  private mutating func append(_ tag: String) { bytes += Array(tag.utf8) }

  /// The low bytes, the lowest first.
  private mutating func append(_ value: Int, _ count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  private func quantize(_ sample: Float, _ scale: Float) -> Int {
    Int(max(-scale, min(scale - 1, (sample * scale).rounded(.toNearestOrEven))))
  }
}
