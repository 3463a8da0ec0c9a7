import CSndFile
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open recording of libsndfile, checked, that yields interleaved frames.
final class SoundHandle {
  let name: String
  let info: AudioInfo
  private let handle: OpaquePointer
  private let isExact: Bool
  // libsndfile reads through these until the handle closes.
  private let descriptor: Descriptor
  private let pipe: PipeReader?
  private(set) var position = 0

  private init(
    _ handle: OpaquePointer, _ info: AudioInfo, isExact: Bool, _ descriptor: Descriptor,
    _ pipe: PipeReader?
  ) {
    (self.handle, self.info, self.isExact) = (handle, info, isExact)
    (self.descriptor, self.pipe, self.name) = (descriptor, pipe, descriptor.name)
  }

  deinit { sf_close(handle) }

  /// Opens and checks a recording; `-` is standard input.
  static func open(_ path: String, _ options: AudioOptions) throws(AudioError) -> SoundHandle {
    let descriptor = try Descriptor.reading(path)
    try options.raw?.check(file: descriptor.name)
    switch descriptor.kind {
    case .regular(let size): return try openFile(descriptor, size: size, options)
    case .pipe: return try openPipe(descriptor, options)
    }
  }

  private static func openFile(
    _ descriptor: Descriptor, size: Int, _ options: AudioOptions
  ) throws(AudioError) -> SoundHandle {
    let bytes = { (offset: Int, count: Int) throws(AudioError) -> [UInt8] in
      try descriptor.bytes(at: offset, count: count)
    }
    var warnings: [AudioWarning] = []
    if let raw = options.raw {
      let rest = size % raw.bytesPerFrame
      if rest > 0 { warnings.append(.trailingBytes(rest)) }
    } else if var header = try ContainerHeader(bytes) {
      try header.checkAfterData(bytes)
      warnings = try header.check(
        descriptor.name, size: size, acceptTruncated: options.acceptTruncated)
      if header.isWave, header.isLengthOpen {
        return try openForward(descriptor, PipeReader(descriptor), header, options)
      }
    }
    var file = SF_INFO()
    file.describe(options.raw)
    // libsndfile closes what it cannot open, asked to or not: it gets a number of its own.
    let number = dup(descriptor.number)
    guard number >= 0 else { throw .opening(descriptor.name, errno: errno) }
    guard let handle = sf_open_fd(number, Int32(SFM_READ), &file, 1) else {
      throw try refusal(descriptor.name, head: bytes(0, 64))
    }
    return try checked(handle, file, warnings, descriptor, nil, options)
  }

  private static func openPipe(
    _ descriptor: Descriptor, _ options: AudioOptions
  ) throws(AudioError) -> SoundHandle {
    let pipe = PipeReader(descriptor)
    let head = try pipe.peek(0, 64)
    guard !head.isEmpty else { throw .empty(file: descriptor.name) }
    guard options.raw == nil else { return try openForward(descriptor, pipe, nil, options) }
    let header = try ContainerHeader { (offset, count) throws(AudioError) in
      try pipe.peek(offset, count)
    }
    if let header, header.isWave, header.data != nil {
      return try openForward(descriptor, pipe, header, options)
    }
    if header == nil, isText(head) { throw refusal(descriptor.name, head: head) }
    let file = try pipe.spool(limit: AudioFile.spoolLimit)
    return try openFile(file, size: file.currentSize(), options)
  }

  /// Opens raw samples or a WAV file to be read once, forwards.
  private static func openForward(
    _ descriptor: Descriptor, _ pipe: PipeReader, _ header: ContainerHeader?,
    _ options: AudioOptions
  ) throws(AudioError) -> SoundHandle {
    var warnings: [AudioWarning] = []
    if let header, let data = header.data {
      warnings = try header.check(descriptor.name, size: nil, acceptTruncated: true)
      if header.isLengthOpen {
        pipe.correct(at: data.offset - 4, to: UInt32(ContainerHeader.longestData))
      }
      pipe.length =
        data.offset + (header.isLengthOpen ? ContainerHeader.longestData : data.size)
    }
    var file = SF_INFO()
    file.describe(options.raw)
    var calls = pipeCalls
    let context = Unmanaged.passUnretained(pipe).toOpaque()
    guard let handle = sf_open_virtual(&calls, Int32(SFM_READ), &file, context) else {
      if let failure = pipe.failure { throw failure }
      throw try refusal(descriptor.name, head: pipe.peek(0, 64))
    }
    pipe.headerIsDone()
    // libsndfile computes the frames from the length that it was told.
    let isLengthKnown = header.map { !$0.isLengthOpen } ?? false
    if !isLengthKnown { file.frames = .max }
    return try checked(handle, file, warnings, descriptor, pipe, options)
  }

  private static func isText(_ head: [UInt8]) -> Bool {
    head.allSatisfy { $0 >= 32 && $0 < 127 || (9...13).contains($0) }
  }

  private static func refusal(_ name: String, head: [UInt8]) -> AudioError {
    .notAudio(
      file: name, found: describeContent(head), reason: String(cString: sf_strerror(nil)))
  }

  private static func checked(
    _ handle: OpaquePointer, _ file: SF_INFO, _ warnings: [AudioWarning],
    _ descriptor: Descriptor, _ pipe: PipeReader?, _ options: AudioOptions
  ) throws(AudioError) -> SoundHandle {
    let (rate, channels) = (Int(file.samplerate), Int(file.channels))
    // Lossy formats estimate their length; a count that no file can hold means unknown.
    let family = Int(file.format) & SF_FORMAT_TYPEMASK
    let isExact = family != SF_FORMAT_MPEG && family != SF_FORMAT_OGG
    let known = file.frames < 1 << 48
    let info = AudioInfo(
      sampleRate: rate, channelCount: channels, frameCount: known ? Int(file.frames) : nil,
      format: formatName(file.format), warnings: warnings)
    let sound = SoundHandle(handle, info, isExact: isExact, descriptor, pipe)
    guard AudioFile.sampleRates.contains(rate) else {
      throw .sampleRate(file: sound.name, found: rate)
    }
    guard (1...AudioFile.maximumChannelCount).contains(channels) else {
      throw .channelCount(file: sound.name, found: channels)
    }
    if case .only(let channel) = options.channel, !(0..<channels).contains(channel) {
      throw .noSuchChannel(file: sound.name, channel: channel, channelCount: channels)
    }
    return sound
  }

  /// Fills `block` with interleaved frames; fewer than asked for only at the end.
  ///
  /// - Throws: `AudioError` if the decoder or the system fails, or if the file ends before the
  ///   length that its header declares and `acceptTruncated` is false.
  func read(
    _ block: UnsafeMutablePointer<Float>, frames: Int, acceptTruncated: Bool
  ) throws(AudioError) -> Int {
    let got = Int(sf_readf_float(handle, block, sf_count_t(frames)))
    position += got
    guard got < frames else { return got }
    if let failure = pipe?.failure { throw failure }
    if let pipe, info.frameCount == nil, pipe.position >= pipe.length, !pipe.isAtEnd() {
      throw .tooLarge(file: name, limit: pipe.length)
    }
    if !acceptTruncated {
      let code = sf_error(handle)
      if isExact, let declared = info.frameCount, position < declared {
        throw .truncated(file: name, found: position, declared: declared, unit: .frames)
      }
      if code != 0 {
        let reason = String(cString: sf_strerror(handle))
        throw .decoding(file: name, frame: position, reason: reason)
      }
    }
    return got
  }

  /// Moves to a frame by seeking; false where the file cannot do that.
  func seek(to frame: Int) -> Bool {
    guard pipe == nil, sf_seek(handle, sf_count_t(frame), Int32(SEEK_SET)) == frame else {
      return false
    }
    position = frame
    return true
  }
}

extension SF_INFO {
  fileprivate mutating func describe(_ raw: RawFormat?) {
    guard let raw else { return }
    samplerate = Int32(raw.sampleRate)
    channels = Int32(raw.channelCount)
    format = raw.formatCode
  }
}

extension Descriptor {
  /// The size of a regular file now.
  fileprivate func currentSize() throws(AudioError) -> Int {
    let end = lseek(number, 0, SEEK_END)
    guard end >= 0, lseek(number, 0, SEEK_SET) == 0 else {
      throw .unreadable(file: name, reason: systemMessage(errno))
    }
    guard end > 0 else { throw .empty(file: name) }
    return Int(end)
  }
}

extension ContainerHeader {
  /// Compares the header with the file, or with nothing if `size` is unknown.
  fileprivate func check(
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

/// The calls by which libsndfile reads a pipe; their last argument is a ``PipeReader``.
private let pipeCalls = SF_VIRTUAL_IO(
  get_filelen: { sf_count_t(pipeReader($0).length) },
  seek: { offset, whence, context in
    let pipe = pipeReader(context)
    switch whence {
    case Int32(SEEK_SET): pipe.position = Int(offset)
    case Int32(SEEK_CUR): pipe.position += Int(offset)
    default: pipe.position = pipe.length + Int(offset)
    }
    return sf_count_t(pipe.position)
  },
  read: { target, count, context in
    guard let target else { return 0 }
    return sf_count_t(pipeReader(context).read(target, Int(count)))
  },
  write: { _, _, _ in 0 },
  tell: { sf_count_t(pipeReader($0).position) })

private func pipeReader(_ context: UnsafeMutableRawPointer?) -> PipeReader {
  Unmanaged<PipeReader>.fromOpaque(context!).takeUnretainedValue()
}
