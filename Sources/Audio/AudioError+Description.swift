extension AudioError: CustomStringConvertible {
  /// One line: the file, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      "\(file): no such file; check the path"
    case .isDirectory(let file):
      "\(file): is a directory, expected a recording; name the files in it"
    case .permissionDenied(let file):
      "\(file): no permission to read it; change its mode or run as its owner"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .notAFile(let file, let found):
      "\(file): is \(found), expected a file or a pipe; redirect or pipe a recording into it"
    case .empty(let file):
      "\(file): is empty (0 bytes), expected a recording"
    case .noRecordings(let folder):
      "\(folder): holds no recording, expected files named .wav, .flac, .ogg, .opus, .mp3 or .aiff"
    case .notAudio(let file, let found, let reason):
      "\(file): found \(found), expected WAV, FLAC, Ogg, MP3, AIFF or another format of libsndfile "
        + "(\(reason)); convert it, or describe headerless samples by the raw options"
    case .incompleteHeader(let file, let bytes, let missing):
      "\(file): ends after \(bytes) bytes, inside the header, expected \(missing); "
        + "copy or record it again"
    case .truncated(let file, let found, let declared, let unit):
      "\(file): is truncated: found \(found) \(unit.rawValue) of samples, "
        + "its header declares \(declared); copy it again, or allow truncated recordings"
    case .falseLength(let file, let declared, let found):
      "\(file): the header lies about its length: it declares \(declared) bytes of samples, "
        + "found \(found); rewrite it with an audio program, or allow truncated recordings"
    case .sampleRate(let file, let found):
      "\(file): the sample rate is \(found) Hz, expected "
        + "\(AudioFile.sampleRates.lowerBound) to \(AudioFile.sampleRates.upperBound) Hz; "
        + "the header is damaged, or convert the recording"
    case .channelCount(let file, let found):
      "\(file): has \(found) channels, expected 1 to \(AudioFile.maximumChannelCount); "
        + "extract the channels that carry speech"
    case .noSuchChannel(let file, let channel, let channelCount):
      "\(file): channel \(channel) was asked for, found \(channelCount) "
        + "(counted from 0); choose another or the mean of all"
    case .notFinite(let file, let frame, let value):
      "\(file): sample frame \(frame) is \(value), expected finite numbers; export it again"
    case .decoding(let file, let frame, let reason):
      "\(file): cannot be decoded after sample frame \(frame): \(reason); the file is damaged"
    case .offsetBeyondEnd(let file, let offset, let duration):
      "\(file): lasts \(duration) s, but reading was to start at \(offset) s; lower the offset"
    case .tooLarge(let file, let limit):
      "\(file): holds more than \(limit) bytes, the most that can be read of this format from a "
        + "pipe or without a length; write it to a file or as FLAC"
    case .rawFormat(let file, let found, let expected):
      "\(file): raw samples with \(found), expected \(expected)"
    case .unwritable(let file, let reason):
      "\(file): cannot be written: \(reason)"
    case .silent(let file):
      "\(file): holds only silence, expected noise or an impulse response; leave it out"
    case .configuration(let error): "\(error)"
    }
  }
}
