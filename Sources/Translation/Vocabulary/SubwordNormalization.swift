import Foundation

/// What is done to a text before it is split into subwords.
public enum SubwordNormalization: String, Codable, CaseIterable, Sendable {
  /// Unicode's normal form KC, in which ligatures, wide letters and the like are what they stand for;
  /// every kind of white space becomes a space, and control characters go.
  case nfkc
  /// Nothing.
  case identity

  /// The normalised text.
  public func callAsFunction(_ text: String) -> String {
    guard self == .nfkc, !text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
      if scalar.properties.isWhitespace || Self.invisible.contains(scalar) {
        result.append(" ")
      } else if scalar.properties.generalCategory != .control {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The space without width, and the byte-order mark inside a text.
  private static let invisible: Set<Unicode.Scalar> = ["\u{200B}", "\u{FEFF}"]
}
