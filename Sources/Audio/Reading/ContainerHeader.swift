/// What the header of a RIFF (WAV) or FORM (AIFF) file says, read without trusting it.
///
/// libsndfile silently shortens a recording whose file is shorter than its header says. This small
/// scan of the chunks finds such files, and names wrong rates and channel counts that libsndfile
/// refuses without saying which.
struct ContainerHeader {
  /// The end of the outer chunk, as declared.
  var declaredEnd: Int
  /// Where the samples begin, and how many bytes of them are declared.
  var data: (offset: Int, size: Int)?
  /// Sample rate and channel count of the WAV format chunk.
  var format: (sampleRate: Int, channelCount: Int)?
  /// What follows the samples inside the file does not look like a chunk.
  var junkAfterData = false
  let isWave: Bool

  /// Sizes from here on are written by programs that cannot go back to fill in the real one.
  static let openLength = 0x7FFF_F000
  /// The most bytes of samples, an even number, that the header can tell of.
  static let longestData = 0xFFFF_FFFE

  /// Whether the header leaves the length open.
  var isLengthOpen: Bool {
    guard let data else { return false }
    let outerOpen = declaredEnd - 8 >= Self.openLength || declaredEnd <= data.offset
    return (data.size >= Self.openLength || data.size == 0) && outerOpen
  }

  /// Scans the chunks; `bytes` returns up to so many bytes at an offset.
  ///
  /// - Returns: nil if this is neither RIFF nor FORM.
  init?(
    _ bytes: (_ offset: Int, _ count: Int) throws(AudioError) -> [UInt8]
  ) throws(AudioError) {
    let head = try bytes(0, 12)
    guard head.count == 12 else { return nil }
    let (outer, kind) = (head.tag(0), head.tag(8))
    isWave = (outer == "RIFF" || outer == "RIFX") && kind == "WAVE"
    guard isWave || (outer == "FORM" && (kind == "AIFF" || kind == "AIFC")) else { return nil }
    let bigEndian = outer != "RIFF"
    declaredEnd = head.integer(4, 4, bigEndian) + 8
    var offset = 12
    for _ in 0..<Self.chunkLimit {
      let chunk = try bytes(offset, 24)
      guard chunk.count >= 8 else { return }
      let size = chunk.integer(4, 4, bigEndian)
      switch chunk.tag(0) {
      case "fmt " where isWave && chunk.count >= 16:
        format = (chunk.integer(12, 4, bigEndian), chunk.integer(10, 2, bigEndian))
      case "data" where isWave, "SSND" where !isWave:
        data = (offset + 8, size)
        return
      default: break
      }
      offset += 8 + size + size % 2
    }
  }

  private static let chunkLimit = 1000

  /// Looks whether another chunk follows the samples, if the outer chunk has room for one.
  mutating func checkAfterData(
    _ bytes: (_ offset: Int, _ count: Int) throws(AudioError) -> [UInt8]
  ) throws(AudioError) {
    guard let data, data.size > 0, data.size < Self.openLength else { return }
    let end = data.offset + data.size
    guard declaredEnd - 8 < Self.openLength, declaredEnd >= end + 8 else { return }
    // The pad byte after an odd chunk is often left out: either position may hold the next tag.
    let next = try bytes(end, 5)
    guard next.count == 5 else { return }
    junkAfterData = !next.isTag(0) && !(data.size % 2 == 1 && next.isTag(1))
  }
}

extension [UInt8] {
  /// Four bytes as text.
  fileprivate func tag(_ offset: Int) -> String {
    String(decoding: self[offset..<offset + 4], as: UTF8.self)
  }

  fileprivate func isTag(_ offset: Int) -> Bool {
    self[offset..<offset + 4].allSatisfy { (32...126).contains($0) }
  }

  fileprivate func integer(_ offset: Int, _ count: Int, _ bigEndian: Bool) -> Int {
    let field = self[offset..<offset + count]
    return (bigEndian ? Array(field) : field.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }
}
