import Tables

/// Lays the rows of a series on an even grid and fills what is missing, or refuses.
struct SeriesBuilder {
  private let table: Table
  private let configuration: SeriesConfiguration
  private let times: SeriesTimes
  private let frequency: Frequency
  private let columns: [String: [Double?]]

  init(
    _ table: Table, _ configuration: SeriesConfiguration, _ times: SeriesTimes,
    _ frequency: Frequency
  ) throws(SeriesError) {
    (self.table, self.configuration, self.times) = (table, configuration, times)
    self.frequency = frequency
    let names =
      configuration.targets + configuration.knownCovariates + configuration.pastCovariates
    var columns: [String: [Double?]] = [:]
    do {
      for name in names { columns[name] = try table.optionalNumbers(name) }
    } catch {
      throw .table(error)
    }
    self.columns = columns
  }

  func series(_ group: SeriesRows) throws(SeriesError) -> TimeSeries {
    let grid = try grid(group)
    let (targets, known) = (configuration.targets, configuration.knownCovariates)
    let last = grid.lastIndex { row in
      row.map { row in targets.contains { columns[$0]?[row] != nil } } ?? false
    }
    guard let last else {
      throw .emptyColumn(file: table.path, series: group.name, column: targets[0])
    }
    let rows = Array(grid[...last])
    var filled = 0
    func values(_ names: [String], _ rows: [Int?]) throws(SeriesError) -> [[Double]] {
      var values: [[Double]] = []
      for name in names { values.append(try column(name, rows, group, &filled)) }
      return values
    }
    let future = known.isEmpty ? 0 : grid.count - rows.count
    return TimeSeries(
      name: group.name, start: times.times[group.rows[0]], rowCount: rows.count,
      futureCount: future, targets: try values(targets, rows),
      pastCovariates: try values(configuration.pastCovariates, rows),
      knownCovariates: try values(known, grid), insertedRows: rows.count { $0 == nil },
      filledValues: filled)
  }

  /// The row of the table at each place of the grid, nil where there is none.
  private func grid(_ group: SeriesRows) throws(SeriesError) -> [Int?] {
    let start = times.times[group.rows[0]]
    var grid: [Int?] = []
    for row in group.rows {
      let place = frequency.rows(from: start, to: times.times[row], times.notation)
      guard let place, place >= grid.count else {
        throw .offGrid(
          file: table.path, line: table.lineNumbers[row], series: group.name,
          time: times.text(row), before: times.notation.text(time(grid.count - 1, start)),
          step: frequency.text(times.notation))
      }
      if place > grid.count {
        guard configuration.gaps != .refuse, place < 50_000_000 else {
          throw .gap(
            file: table.path, line: table.lineNumbers[row], series: group.name,
            from: times.notation.text(time(grid.count - 1, start)), to: times.text(row),
            rows: place - grid.count, step: frequency.text(times.notation))
        }
        grid += [Int?](repeating: nil, count: place - grid.count)
      }
      grid.append(row)
    }
    return grid
  }

  private func time(_ place: Int, _ start: Double) -> Double {
    frequency.time(place, after: start, times.notation)
  }

  /// The values of a column at places of the grid, filled by the rule.
  private func column(
    _ name: String, _ grid: [Int?], _ group: SeriesRows, _ filled: inout Int
  ) throws(SeriesError) -> [Double] {
    let column = columns[name] ?? []
    let values = grid.map { row in row.flatMap { column[$0] } }
    guard let first = values.firstIndex(where: { $0 == nil }) else {
      return values.compactMap { $0 }
    }
    guard values.contains(where: { $0 != nil }) else {
      throw .emptyColumn(file: table.path, series: group.name, column: name)
    }
    guard configuration.gaps != .refuse else {
      let count = values[first...].prefix { $0 == nil }.count
      let row = grid[first] ?? group.rows[0]
      let start = times.times[group.rows[0]]
      throw .missing(
        file: table.path, line: table.lineNumbers[row], series: group.name, column: name,
        from: times.notation.text(time(first, start)),
        to: times.notation.text(time(first + count - 1, start)), rows: count)
    }
    filled += zip(grid, values).count { $0 != nil && $1 == nil }
    return configuration.gaps.filled(values)
  }
}

extension SeriesConfiguration.Gaps {
  /// The values with those that are missing filled; there is at least one.
  func filled(_ values: [Double?]) -> [Double] {
    let first = values.lazy.compactMap { $0 }.first ?? 0
    switch self {
    case .refuse, .zero: return values.map { $0 ?? 0 }
    case .forward:
      var last = first
      return values.map {
        last = $0 ?? last
        return last
      }
    case .mean:
      var (sum, count) = (0.0, 0.0)
      return values.map { value in
        guard let value else { return count > 0 ? sum / count : first }
        (sum, count) = (sum + value, count + 1)
        return value
      }
    case .linear: return Self.interpolated(values, first: first)
    }
  }

  private static func interpolated(_ values: [Double?], first: Double) -> [Double] {
    var result = values.map { $0 ?? 0 }
    var before: Int?
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      let start = before.map { $0 + 1 } ?? 0
      for gap in start..<index {
        guard let before else {
          result[gap] = first
          continue
        }
        let fraction = Double(gap - before) / Double(index - before)
        result[gap] = result[before] + fraction * (value - result[before])
      }
      before = index
    }
    if let before {
      for gap in (before + 1)..<result.count where values[gap] == nil {
        result[gap] = result[before]
      }
    }
    return result
  }
}
