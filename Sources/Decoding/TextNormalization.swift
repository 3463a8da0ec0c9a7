import Configuration

/// What is done to a transcript before it is written in an alphabet or compared with another.
public struct TextNormalization: Configuration {
  /// Whether letters and their accents are joined or apart.
  public var form = TextForm.composed
  /// The direction in which lines are written.
  public var direction = TextDirection.leftToRight
  /// Whether capitals become small letters.
  public var lowercase = false
  /// Whether each run of white space becomes one space.
  public var collapseWhitespace = true
  /// Whether white space at both ends is taken off.
  public var strip = true

  /// `composed` is how models before `form` have it: whether normal form C was made.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case form, composed, direction, lowercase, collapseWhitespace, strip
  }

  /// The default: composed, collapsed and stripped, capitals kept.
  public init() {}

  /// Reads the keys that are present and refuses unknown ones.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    var composed: Bool?
    try container.read(.composed, into: &composed)
    if let composed { form = composed ? .composed : .asWritten }
    try container.read(.form, into: &form)
    try container.read(.direction, into: &direction)
    try container.read(.lowercase, into: &lowercase)
    try container.read(.collapseWhitespace, into: &collapseWhitespace)
    try container.read(.strip, into: &strip)
  }

  /// Writes all keys but the old one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(form, forKey: .form)
    try container.encode(direction, forKey: .direction)
    try container.encode(lowercase, forKey: .lowercase)
    try container.encode(collapseWhitespace, forKey: .collapseWhitespace)
    try container.encode(strip, forKey: .strip)
  }

  /// What a label of an alphabet for such texts stands for.
  public var unit: LabelUnit { form == .decomposed ? .scalar : .grapheme }

  /// Accepts every combination.
  public func validate() throws(ConfigurationError) {}

  /// The normalised text.
  public func callAsFunction(_ text: String) -> String {
    var result = text
    if lowercase { result = result.lowercased() }
    switch form {
    case .composed: result = result.composed
    case .decomposed: result = result.decomposed
    case .asWritten: break
    }
    if strip {
      let end = result.lastIndex { !$0.isWhitespace }.map(result.index(after:))
      result = String(result[..<(end ?? result.startIndex)].drop(while: \.isWhitespace))
    }
    return collapseWhitespace ? Self.collapsed(result) : result
  }

  private static func collapsed(_ text: String) -> String {
    var result = ""
    var inSpace = false
    for character in text {
      let space = character.isWhitespace
      if !space { result.append(character) } else if !inSpace { result.append(" ") }
      inSpace = space
    }
    return result
  }
}
