/// Decides row by row where a line of running speech ends; see ``EndpointConfiguration``.
public struct EndpointDetector: Sendable {
  /// What the network says in a row.
  public enum Row: Sendable {
    /// Nothing.
    case blank
    /// That a word has ended.
    case delimiter
    /// A letter.
    case letter
  }

  /// Why a line ends.
  public enum Endpoint: Sendable, Equatable {
    /// A pause after speech.
    case pause
    /// Nothing was said at all.
    case silence
    /// The line has become too long.
    case length
  }

  private let pause: Int
  private let silence: Int
  private let minimum: Int
  private let maximum: Int
  private let willing: Int
  /// Rows since the line began, since its first letter, and since its last letter.
  private var rows = 0
  private var spoken: Int?
  private var quiet = 0

  /// A detector at the beginning of a line.
  ///
  /// - Parameter frameDuration: The seconds from one row to the next.
  public init(_ configuration: EndpointConfiguration, frameDuration: Double) {
    func count(_ seconds: Double) -> Int {
      max(1, Int((seconds / frameDuration).rounded(.up)))
    }
    pause = count(configuration.pauseAfterSpeech)
    silence = count(configuration.silenceWithoutSpeech)
    minimum = count(configuration.minimumDuration)
    maximum = count(configuration.maximumDuration)
    willing = count(configuration.maximumDuration * 0.8)
  }

  /// Takes in a row.
  ///
  /// - Returns: Why the line ends with it; the next row then begins another. nil if it goes on.
  public mutating func take(_ row: Row) -> Endpoint? {
    rows += 1
    if row == .letter {
      spoken = spoken ?? rows
      quiet = 0
    } else {
      quiet += 1
    }
    let endpoint = endpoint(row)
    if endpoint != nil { (rows, spoken, quiet) = (0, nil, 0) }
    return endpoint
  }

  private func endpoint(_ row: Row) -> Endpoint? {
    guard let spoken else { return rows >= silence ? .silence : nil }
    let length = rows - spoken + 1
    if quiet >= pause, length >= minimum { return .pause }
    if length >= maximum || (length >= willing && row == .delimiter) { return .length }
    return nil
  }
}
