/// Writes mono 16-bit PCM recordings, which every program reads.
enum WAVWriter {
  /// The bytes of a RIFF file; samples beyond full scale are clipped.
  static func bytes(_ samples: [Float], sampleRate: Int) -> [UInt8] {
    let size = UInt32(samples.count * 2)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + samples.count * 2)
    bytes += "RIFF".utf8
    append(36 + size, to: &bytes)
    bytes += "WAVEfmt ".utf8
    append(UInt32(16), to: &bytes)
    append(UInt16(1), to: &bytes)  // integer PCM
    append(UInt16(1), to: &bytes)  // one channel
    append(UInt32(sampleRate), to: &bytes)
    append(UInt32(sampleRate * 2), to: &bytes)  // bytes per second
    append(UInt16(2), to: &bytes)  // bytes per frame
    append(UInt16(16), to: &bytes)
    bytes += "data".utf8
    append(size, to: &bytes)
    for sample in samples {
      append(Int16(min(max((sample * 32768).rounded(), -32768), 32767)), to: &bytes)
    }
    return bytes
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
