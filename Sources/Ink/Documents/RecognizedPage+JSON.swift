import Foundation

extension RecognizedPage {
  /// The page as JSON, keys sorted, always valid.
  public func json(pretty: Bool = false) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return [UInt8](try encoder.encode(self))
    } catch {
      preconditionFailure("RecognizedPage: \(error)")
    }
  }
}
