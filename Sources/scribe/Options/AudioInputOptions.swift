import ArgumentParser
import Audio

/// How recordings are read.
struct AudioInputOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The channel to listen to, from 0; the mean of all by default.", valueName: "n"))
  var channel: Int?

  @Flag(
    help: ArgumentHelp(
      "Listen to each channel on its own, as in calls that have a speaker on each."))
  var eachChannel = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to begin, in seconds.", valueName: "seconds"))
  var offset = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How much to read, in seconds.", valueName: "seconds"))
  var duration: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Read samples without a header, at this rate in Hz.", valueName: "hz"))
  var rawRate: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The channels of samples without a header.", valueName: "n"))
  var rawChannels: Int?

  @Option(
    help: ArgumentHelp(
      "How samples without a header are written; s16le by default.", valueName: "name"))
  var rawEncoding: RawFormat.Encoding?

  @Flag(help: "Read recordings that end early as far as they go.")
  var acceptTruncated = false

  func validate() throws {
    if let channel, channel < 0 {
      throw ValidationError("--channel is \(channel), expected 0 or more.")
    }
    if channel != nil, eachChannel {
      throw ValidationError("--channel and --each-channel exclude each other; give one of them.")
    }
    guard offset >= 0, offset.isFinite else {
      throw ValidationError("--offset is \(offset), expected 0 or more seconds.")
    }
    if let duration, !(duration > 0 && duration.isFinite) {
      throw ValidationError("--duration is \(duration), expected more than 0 seconds.")
    }
    if let rawRate, !AudioFile.sampleRates.contains(rawRate) {
      throw ValidationError(
        "--raw-rate is \(rawRate), expected \(AudioFile.sampleRates.lowerBound) to "
          + "\(AudioFile.sampleRates.upperBound) Hz.")
    }
    if let rawChannels, !(1...AudioFile.maximumChannelCount).contains(rawChannels) {
      throw ValidationError(
        "--raw-channels is \(rawChannels), expected 1 to \(AudioFile.maximumChannelCount).")
    }
    if rawRate == nil, rawChannels != nil || rawEncoding != nil {
      throw ValidationError(
        "--raw-channels and --raw-encoding describe samples without a header; "
          + "give their --raw-rate too.")
    }
  }

  /// The options as the library takes them.
  var options: AudioOptions {
    let raw = rawRate.map {
      RawFormat(
        sampleRate: $0, channelCount: rawChannels ?? 1, encoding: rawEncoding ?? .s16le)
    }
    return AudioOptions(
      channel: channel.map { .only($0) } ?? .mix, raw: raw, acceptTruncated: acceptTruncated)
  }

  /// Opens a recording; `-` is standard input.
  func stream(_ path: String, sampleRate: Int?) throws(AudioError) -> AudioStream {
    try AudioStream(
      path, sampleRate: sampleRate, offset: offset, duration: duration, options: options)
  }

  /// These options for each channel of a recording, if each is listened to on its own.
  ///
  /// - Throws: `UsageError` for standard input, which can be read only once; `AudioError` if the
  ///   recording cannot be read.
  func perChannel(_ path: String) throws -> [AudioInputOptions] {
    guard eachChannel else { return [self] }
    guard path != "-" else {
      throw UsageError(
        "standard input can be read only once; save it to a file for --each-channel, or choose "
          + "one with --channel")
    }
    let count = try AudioStream(path, sampleRate: nil, options: options).info.channelCount
    return (0..<count).map { channel in
      var options = self
      options.channel = channel
      return options
    }
  }

  /// The seconds that will be read of a recording, if they are known.
  func expectedDuration(_ info: AudioInfo) -> Double? {
    guard let whole = info.duration else { return duration }
    return min(max(0, whole - offset), duration ?? .infinity)
  }
}

extension RawFormat.Encoding: ExpressibleByArgument {}
