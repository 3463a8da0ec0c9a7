extension ContainerHeader {
  /// Compares the header with the file, or with nothing if `size` is unknown.
  func check(
    _ file: String, size: Int?, acceptTruncated: Bool
  ) throws(AudioError) -> [AudioWarning] {
    if let format {
      guard AudioFile.sampleRates.contains(format.sampleRate) else {
        throw .sampleRate(file: file, found: format.sampleRate)
      }
      guard (1...AudioFile.maximumChannelCount).contains(format.channelCount) else {
        throw .channelCount(file: file, found: format.channelCount)
      }
    }
    guard let data else {
      guard let size else { return [] }
      let missing = isWave ? (format == nil ? "a 'fmt ' chunk" : "a 'data' chunk") : "'SSND'"
      throw .incompleteHeader(file: file, bytes: size, missing: missing)
    }
    if isLengthOpen { return [.lengthUnknown] }
    guard let size else { return [] }
    return try checkLength(file, data, size - data.offset, acceptTruncated)
  }

  private func checkLength(
    _ file: String, _ data: (offset: Int, size: Int), _ found: Int, _ acceptTruncated: Bool
  ) throws(AudioError) -> [AudioWarning] {
    let contradicts = data.offset + data.size > declaredEnd
    guard found < data.size || junkAfterData else { return [] }
    if acceptTruncated {
      return found < data.size ? [.truncated(found: found, declared: data.size)] : []
    }
    guard !contradicts, !junkAfterData else {
      throw .falseLength(file: file, declared: data.size, found: found)
    }
    throw .truncated(file: file, found: found, declared: data.size, unit: .bytes)
  }
}
