import Configuration

/// How samples are gathered into batches.
public struct BatchConfiguration: Configuration {
  /// At most so many samples in a batch.
  public var size = 16
  /// At most so many frames in a batch, padding included; nil for no limit. A single sample that is
  /// longer makes a batch of its own.
  public var maximumFrames: Int?
  /// Whether the first epoch goes from short to long samples (SortaGrad, Amodei et al. 2015).
  public var sortedFirstEpoch = true
  /// How far lengths are blurred before they are sorted in later epochs, as a fraction: 0 puts the
  /// same samples together in every epoch, more mixes them and pads more.
  public var lengthJitter: Float = 0.05

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case size, maximumFrames, sortedFirstEpoch, lengthJitter
  }

  /// Reads the keys that are there and refuses others.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.size, into: &size)
    try container.read(.maximumFrames, into: &maximumFrames)
    try container.read(.sortedFirstEpoch, into: &sortedFirstEpoch)
    try container.read(.lengthJitter, into: &lengthJitter)
  }

  /// Checks the ranges.
  public func validate() throws(ConfigurationError) {
    guard (1...65_536).contains(size) else {
      throw .invalid(key: "size", found: "\(size)", expected: "1 to 65536 samples")
    }
    if let maximumFrames, maximumFrames < 1 {
      throw .invalid(
        key: "maximumFrames", found: "\(maximumFrames)", expected: "1 or more, or null")
    }
    guard lengthJitter >= 0, lengthJitter <= 10 else {
      throw .invalid(key: "lengthJitter", found: "\(lengthJitter)", expected: "0 to 10")
    }
  }
}
