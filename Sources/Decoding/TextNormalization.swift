import Configuration
import Foundation

extension String {
  /// The text in Unicode normal form C.
  var composed: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }
}

/// What is done to a transcript before it is written in an alphabet or compared with another.
public struct TextNormalization: Configuration {
  /// Whether letters and their accents are joined (Unicode normal form C).
  public var composed = true
  /// Whether capitals become small letters.
  public var lowercase = false
  /// Whether each run of white space becomes one space.
  public var collapseWhitespace = true
  /// Whether white space at both ends is taken off.
  public var strip = true

  enum CodingKeys: String, CodingKey, CaseIterable {
    case composed, lowercase, collapseWhitespace, strip
  }

  /// The default: composed, collapsed and stripped, capitals kept.
  public init() {}

  /// Reads the keys that are present and refuses unknown ones.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.composed, into: &composed)
    try container.read(.lowercase, into: &lowercase)
    try container.read(.collapseWhitespace, into: &collapseWhitespace)
    try container.read(.strip, into: &strip)
  }

  /// Accepts every combination.
  public func validate() throws(ConfigurationError) {}

  /// The normalised text.
  public func callAsFunction(_ text: String) -> String {
    var result = text
    if lowercase { result = result.lowercased() }
    if composed { result = result.composed }
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
