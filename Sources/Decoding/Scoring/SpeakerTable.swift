/// The errors with each speaker, and how they are spread: the table that sclite prints.
public struct SpeakerTable: Sendable, Equatable {
  /// A speaker, or all of them.
  public struct Row: Codable, Sendable, Equatable {
    /// The name.
    public var speaker: String
    /// The number of utterances.
    public var utterances: Int
    /// The number of utterances with an error.
    public var wrongUtterances: Int
    /// The edits of all utterances.
    public var counts: EditCounts

    init(_ speaker: String, _ utterances: [ScoredUtterance]) {
      self.speaker = speaker
      self.utterances = utterances.count
      wrongUtterances = utterances.count { $0.counts.errors > 0 }
      counts = utterances.reduce(EditCounts()) { $0 + $1.counts }
    }
  }

  /// What the numbers of errors are given as.
  public enum Form: Sendable {
    /// Percent of the words, or of the utterances.
    case percent
    /// Their numbers.
    case counts
  }

  /// Mean, deviation and median of a column over the speakers.
  public struct Spread: Codable, Sendable, Equatable {
    /// The sum divided by the number of speakers.
    public var mean: Double
    /// The standard deviation of a sample, 0 for one speaker.
    public var deviation: Double
    /// The middle value, or the mean of the two in the middle.
    public var median: Double

    init(_ values: [Double]) {
      let count = Double(max(1, values.count))
      let mean = values.reduce(0, +) / count
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = values.count > 1 ? (squares / (count - 1)).squareRoot() : 0
      let sorted = values.sorted()
      let middle = sorted.count / 2
      median =
        sorted.isEmpty
        ? 0
        : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// The speakers in the order in which they are first heard.
  public let rows: [Row]
  /// All speakers together.
  public let total: Row

  /// The table of utterances; those without a speaker belong to `(unknown)`.
  public init(_ utterances: [ScoredUtterance]) {
    var order: [String] = []
    var groups: [String: [ScoredUtterance]] = [:]
    for utterance in utterances {
      let speaker = utterance.speaker ?? "(unknown)"
      if groups[speaker] == nil { order.append(speaker) }
      groups[speaker, default: []].append(utterance)
    }
    rows = order.map { Row($0, groups[$0] ?? []) }
    total = Row("all", utterances)
  }

  /// The spread of the columns after the name: utterances, words, correct, substituted, deleted,
  /// inserted, errors, wrong utterances.
  public func spread(_ form: Form) -> [Spread] {
    let columns = rows.map { $0.values(form) }
    return (0..<8).map { index in Spread(columns.map { $0[index] }) }
  }
}

extension SpeakerTable.Row {
  /// The columns after the name; see ``SpeakerTable/spread(_:)``.
  public func values(_ form: SpeakerTable.Form) -> [Double] {
    let sizes = [Double(utterances), Double(counts.referenceCount)]
    let numbers = [
      counts.matches, counts.substitutions, counts.deletions, counts.insertions, counts.errors,
    ].map(Double.init)
    guard form == .percent else { return sizes + numbers + [Double(wrongUtterances)] }
    let words = Double(max(1, counts.referenceCount))
    return sizes + numbers.map { $0 / words * 100 }
      + [Double(wrongUtterances) / Double(max(1, utterances)) * 100]
  }
}

extension SpeakerTable {
  /// The table as sclite draws it.
  public func text(_ form: Form = .percent, unit: String = "Wrd") -> String {
    let names = rows.map(\.speaker.visible)
    let sum = form == .percent ? "Sum/Avg" : "Sum"
    let width = max(9, (names.map(\.displayWidth).max() ?? 0) + 2)
    let header = "# Snt # \(unit.prefix(3)) | Corr    Sub    Del    Ins    Err  S.Err |"
    var lines = ["| \("SPKR".padded(to: width - 1))| \(header)"]
    let inner = lines[0].displayWidth - 2
    let thin = "|\(String(repeating: "-", count: inner))|"
    let thick = "|\(String(repeating: "=", count: inner))|"
    for (row, name) in zip(rows, names) {
      lines += [thin, Self.line(name, width, row.values(form), form, decimals: 0)]
    }
    lines += [thick, Self.line(sum, width, total.values(form), form, decimals: 0), thick]
    let spread = spread(form)
    lines.append(Self.line("Mean", width, spread.map(\.mean), form, decimals: 1))
    lines.append(Self.line("S.D.", width, spread.map(\.deviation), form, decimals: 1))
    lines.append(Self.line("Median", width, spread.map(\.median), form, decimals: 1))
    let edge = String(repeating: "-", count: inner)
    return ([",\(edge)."] + lines + ["`\(edge)'"]).map { $0 + "\n" }.joined()
  }

  private static func line(
    _ name: String, _ width: Int, _ values: [Double], _ form: Form, decimals: Int
  ) -> String {
    let cells = values.enumerated().map { index, value in
      let digits = index >= 2 && form == .percent ? 1 : decimals
      return decimal(value, digits).padded(to: index == 0 || index == 2 ? 5 : 7, right: true)
    }
    return "| \(name.padded(to: width - 1))|\(cells[..<2].joined()) |\(cells[2...].joined()) |"
  }

  /// The number with so many digits after the point, rounded as by hand.
  private static func decimal(_ value: Double, _ digits: Int) -> String {
    guard digits > 0 else { return "\(Int(value.rounded()))" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
