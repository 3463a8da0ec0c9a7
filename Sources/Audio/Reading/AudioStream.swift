/// A recording as a stream of mono blocks at a chosen sample rate, in constant memory.
///
/// Not shared between threads; hand the whole stream over instead.
public final class AudioStream {
  /// What the header says.
  public var info: AudioInfo { sound.info }
  /// The rate of the samples delivered.
  public let sampleRate: Int
  /// The name for messages.
  public var name: String { sound.name }
  /// How many source frames were decoded so far.
  public var decodedFrames: Int { sound.position }

  /// How many samples the stream has room for, whatever the length of the recording.
  package var bufferedCapacity: Int { interleaved.count + mono.count + pending.capacity }

  private let sound: SoundHandle
  private let options: AudioOptions
  private var resampler: Resampler?
  private var interleaved: [Float]
  private var mono: [Float]
  private var pending: [Float] = []
  private var head = 0
  private var remaining: Int
  private var isOver = false

  private let blockFrames: Int
  private static let defaultBlockFrames = 16384

  /// Opens a recording from `offset` seconds for `duration` seconds.
  ///
  /// - Parameters:
  ///   - sampleRate: The rate wanted; nil keeps the recording's own.
  ///   - blockDuration: The seconds of a block for ``nextBlock()``; nil reads as is fastest.
  /// - Throws: ``AudioError`` naming what is wrong with the file.
  public init(
    _ path: String, sampleRate: Int? = nil, offset: Double = 0, duration: Double? = nil,
    blockDuration: Double? = nil, options: AudioOptions = AudioOptions()
  ) throws(AudioError) {
    precondition(offset >= 0, "AudioStream: got an offset of \(offset) s, expected 0 or more")
    precondition(
      duration.map { $0 >= 0 } ?? true,
      "AudioStream: got a duration of \(duration ?? 0) s, expected 0 or more")
    precondition(
      sampleRate.map { $0 > 0 } ?? true,
      "AudioStream: got a sample rate of \(sampleRate ?? 0), expected a positive one")
    sound = try SoundHandle.open(path, options)
    self.options = options
    let source = sound.info.sampleRate
    self.sampleRate = sampleRate ?? source
    if let sampleRate, sampleRate != source {
      resampler = Resampler(from: Double(source), to: Double(sampleRate))
    }
    blockFrames =
      blockDuration.map { max(1, min(Self.defaultBlockFrames, Int($0 * Double(source)))) }
      ?? Self.defaultBlockFrames
    interleaved = [Float](repeating: 0, count: blockFrames * sound.info.channelCount)
    mono = [Float](repeating: 0, count: blockFrames)
    remaining = duration.map { Int(min($0 * Double(source), 0x1p60).rounded()) } ?? Int.max
    try skip(Int(min(offset * Double(source), 0x1p60).rounded()), offset)
  }

  /// The next `maximum` samples, fewer only before the end, nil at the end.
  public func next(_ maximum: Int) throws(AudioError) -> [Float]? {
    precondition(maximum > 0, "AudioStream.next: got \(maximum), expected at least 1")
    while pending.count - head < maximum, !isOver { try decode() }
    guard head < pending.count else { return nil }
    let end = min(head + maximum, pending.count)
    let block = Array(pending[head..<end])
    head = end
    if head == pending.count || head > 8 * blockFrames {
      pending.removeFirst(head)
      head = 0
    }
    return block
  }

  /// What the next block gives as soon as it has arrived, nil at the end.
  ///
  /// Perhaps nothing: a resampler keeps some samples back.
  public func nextBlock() throws(AudioError) -> [Float]? {
    if head >= pending.count {
      guard !isOver else { return nil }
      try decode()
    }
    defer {
      pending.removeAll(keepingCapacity: true)
      head = 0
    }
    return Array(pending[head...])
  }

  private func skip(_ frames: Int, _ offset: Double) throws(AudioError) {
    guard frames > 0 else { return }
    if let count = info.frameCount, frames > count { throw beyondEnd(count, offset) }
    if sound.seek(to: frames) { return }
    var rest = frames
    while rest > 0 {
      let wanted = min(rest, blockFrames)
      let got = try readInterleaved(wanted)
      rest -= got
      if got < wanted { throw beyondEnd(frames - rest, offset) }
    }
  }

  private func beyondEnd(_ count: Int, _ offset: Double) -> AudioError {
    .offsetBeyondEnd(
      file: name, offset: offset, duration: Double(count) / Double(info.sampleRate))
  }

  private func readInterleaved(_ frames: Int) throws(AudioError) -> Int {
    try interleaved.withUnsafeMutableBufferPointer { block throws(AudioError) in
      try sound.read(
        block.baseAddress!, frames: frames, acceptTruncated: options.acceptTruncated)
    }
  }

  /// Decodes one block, mixes it to mono and resamples it into `pending`.
  private func decode() throws(AudioError) {
    let wanted = min(blockFrames, remaining)
    let first = sound.position
    let got = wanted > 0 ? try readInterleaved(wanted) : 0
    remaining -= got
    try checkFinite(frames: got, first: first)
    mix(frames: got)
    mono.withUnsafeBufferPointer { block in
      let block = UnsafeBufferPointer(rebasing: block[..<got])
      if let resampler { resampler.process(block, into: &pending) } else { pending += block }
    }
    if got < blockFrames {
      isOver = true
      resampler?.finish(into: &pending)
      resampler = nil
    }
  }

  private func checkFinite(frames: Int, first: Int) throws(AudioError) {
    let channels = info.channelCount
    let isFinite = interleaved.withUnsafeBufferPointer { block in
      // Infinities and NaN have all bits of the exponent set; no branch, so that this is vectorised.
      var bad: UInt32 = 0
      for index in 0..<frames * channels {
        bad |= block[index].bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0
      }
      return bad == 0
    }
    guard !isFinite, let index = interleaved.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(
      file: name, frame: first + index / channels, value: "\(interleaved[index])")
  }

  private func mix(frames: Int) {
    let channels = info.channelCount
    interleaved.withUnsafeBufferPointer { source in
      mono.withUnsafeMutableBufferPointer { target in
        if case .only(let channel) = options.channel {
          for frame in 0..<frames { target[frame] = source[frame * channels + channel] }
        } else if channels == 1 {
          target.baseAddress!.update(from: source.baseAddress!, count: frames)
        } else {
          mean(source, target, frames, channels)
        }
      }
    }
  }

  private func mean(
    _ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<Float>,
    _ frames: Int, _ channels: Int
  ) {
    let scale = 1 / Float(channels)
    for frame in 0..<frames {
      var sum: Float = 0
      for channel in 0..<channels { sum += source[frame * channels + channel] }
      target[frame] = sum * scale
    }
  }
}
