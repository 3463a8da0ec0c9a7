import Configuration

/// How the rows of each series are divided into parts for training, validation and test, in their
/// order.
///
/// Windows of a later part may begin in the part before: what they forecast decides where they belong
/// (as in Zhou et al. 2021).
public struct SplitConfiguration: Configuration {
  /// What the sizes of the parts count.
  public enum Unit: String, Codable, Sendable, CaseIterable {
    /// Rows of each series; rows after the last part belong to none.
    case rows
    /// Shares of each series.
    case fractions
    /// Nothing: the parts begin at dates.
    case dates
  }

  /// What the sizes count.
  public var unit = Unit.fractions
  /// The size of the training part.
  public var train = 0.7
  /// The size of the validation part, 0 for none.
  public var validation = 0.1
  /// The size of the test part, 0 for none.
  public var test = 0.2
  /// The first time that is validated, where parts begin at dates.
  public var validationFrom: String?
  /// The first time that is tested, where parts begin at dates.
  public var testFrom: String?

  /// Seven, one and two tenths.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case unit, train, validation, test, validationFrom, testFrom
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.unit, into: &unit)
    try container.read(.train, into: &train)
    try container.read(.validation, into: &validation)
    try container.read(.test, into: &test)
    try container.read(.validationFrom, into: &validationFrom)
    try container.read(.testFrom, into: &testFrom)
  }

  /// Checks sizes and dates.
  public func validate() throws(ConfigurationError) {
    if unit == .dates { return try validateDates() }
    for (key, value) in [("validationFrom", validationFrom), ("testFrom", testFrom)] {
      guard value == nil else {
        throw .invalid(key: key, found: "given", expected: "unit: dates, or nothing")
      }
    }
    let sizes = [("train", train), ("validation", validation), ("test", test)]
    for (key, size) in sizes {
      let least = key == "train" ? 1e-9 : 0
      let isSound = unit == .rows ? size == size.rounded() && size < 1e12 : size <= 1
      guard size >= least, isSound else {
        throw .invalid(
          key: key, found: "\(size)",
          expected: unit == .rows ? "a number of rows" : "a share, 0 to 1")
      }
    }
    guard unit == .rows || train + validation + test <= 1 + 1e-9 else {
      throw .invalid(
        key: "test", found: "\(test)", expected: "shares that sum to at most 1")
    }
  }

  private func validateDates() throws(ConfigurationError) {
    var before = -Double.infinity
    for (key, text) in [("validationFrom", validationFrom), ("testFrom", testFrom)] {
      guard let text else { continue }
      guard let time = TimeNotation.parse(text)?.time, time > before else {
        throw .invalid(
          key: key, found: "'\(text)'", expected: "a time as in the file, the parts in their order")
      }
      before = time
    }
    guard validationFrom != nil || testFrom != nil else {
      throw .invalid(key: "validationFrom", found: "missing", expected: "where validation begins")
    }
  }
}

/// A part of a split.
public enum SeriesPart: String, Sendable, CaseIterable {
  /// What is learned from.
  case train
  /// What choices are made by.
  case validation
  /// What is opened once, at the end.
  case test
}

/// The rows of the parts of one series.
public struct SeriesParts: Sendable, Equatable {
  /// What is learned from.
  public var train: Range<Int>
  /// What choices are made by.
  public var validation: Range<Int>
  /// What is opened once, at the end.
  public var test: Range<Int>

  /// Parts of these rows.
  public init(train: Range<Int>, validation: Range<Int>, test: Range<Int>) {
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// The rows of a part.
  public subscript(part: SeriesPart) -> Range<Int> {
    switch part {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}

extension SeriesTable {
  /// The parts of a series.
  ///
  /// - Throws: `SeriesError.split` if the series has fewer rows than the split counts, or if nothing
  ///   is left for training.
  public func parts(
    of series: TimeSeries, _ split: SplitConfiguration
  ) throws(SeriesError) -> SeriesParts {
    let count = series.rowCount
    let sums =
      [split.train, split.train + split.validation]
      + [split.train + split.validation + split.test]
    let ends: [Int]
    switch split.unit {
    case .rows:
      ends = sums.map { Int($0) }
      guard ends[2] <= count else {
        throw .split(
          file: path, series: series.name, found: "\(count) rows",
          expected: "at least \(ends[2]), \(Int(split.train)) + \(Int(split.validation)) + "
            + "\(Int(split.test)) of the split")
      }
    case .fractions:
      ends = sums.map { min(count, Int(($0 * Double(count)).rounded())) }
    case .dates:
      let test = split.testFrom.map { firstRow(from: $0, of: series) } ?? count
      ends = [split.validationFrom.map { firstRow(from: $0, of: series) } ?? test, test, count]
    }
    guard ends[0] > 0 else {
      throw .split(
        file: path, series: series.name,
        found: "\(count) rows from \(timeText(0, of: series))",
        expected: "some that are for training")
    }
    return SeriesParts(train: 0..<ends[0], validation: ends[0]..<ends[1], test: ends[1]..<ends[2])
  }

  /// The first row at or after a time, by bisection.
  private func firstRow(from text: String, of series: TimeSeries) -> Int {
    guard let parsed = TimeNotation.parse(text) else { return series.rowCount }
    let isLocal = parsed.notation.zone.isEmpty
    let time = isLocal ? parsed.time - notation.zoneOffset : parsed.time
    var (low, high) = (0, series.rowCount)
    while low < high {
      let middle = (low + high) / 2
      if self.time(middle, of: series) < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
