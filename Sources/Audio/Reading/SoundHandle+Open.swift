import CSndFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SoundHandle {
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
    // Standard input may have been read before, by this process or another.
    guard lseek(descriptor.number, 0, SEEK_SET) == 0 else {
      throw .opening(descriptor.name, errno: errno)
    }
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
        return try openForward(descriptor, PipeReader(descriptor), header, size: size, options)
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
    if let raw = options.rawIfHeaderless, header == nil, !hasSignature(head) {
      try raw.check(file: descriptor.name)
      var options = options
      options.raw = raw
      return try openForward(descriptor, pipe, nil, options)
    }
    if header == nil, isText(head) { throw refusal(descriptor.name, head: head) }
    let file = try pipe.spool(limit: AudioFile.spoolLimit)
    return try openFile(file, size: file.currentSize(), options)
  }

  /// Opens raw samples or a WAV file to be read once, forwards.
  ///
  /// - Parameter size: The size of the file, where it is one whose header leaves the length open.
  private static func openForward(
    _ descriptor: Descriptor, _ pipe: PipeReader, _ header: ContainerHeader?, size: Int? = nil,
    _ options: AudioOptions
  ) throws(AudioError) -> SoundHandle {
    var warnings: [AudioWarning] = []
    var isLengthKnown = false
    if let header, let data = header.data {
      warnings = try header.check(descriptor.name, size: nil, acceptTruncated: true)
      let length = header.isLengthOpen ? size.map { $0 - data.offset } : data.size
      isLengthKnown = length.map { $0 <= ContainerHeader.longestData } ?? false
      let believed = min(length ?? .max, ContainerHeader.longestData)
      if header.isLengthOpen { pipe.correct(at: data.offset - 4, to: UInt32(believed)) }
      pipe.length = data.offset + believed
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
    if !isLengthKnown { file.frames = .max }
    return try checked(handle, file, warnings, descriptor, pipe, options)
  }

  /// Whether the bytes begin like a file of a format other than RIFF and FORM. Formats that are known by
  /// a few bits, such as MP3 without a tag, are left out: samples may begin with them.
  private static func hasSignature(_ head: [UInt8]) -> Bool {
    ["fLaC", "OggS", "caff", ".snd", "RF64", "riff", "wvpk", "ID3"].contains {
      head.starts(with: $0.utf8)
    }
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
