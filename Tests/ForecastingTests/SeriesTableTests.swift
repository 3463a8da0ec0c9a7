import Forecasting
import Tables
import Testing

private func error(_ text: String, _ yaml: String = "targets: [y]") -> SeriesError? {
  do {
    _ = try seriesTable(text, yaml)
    return nil
  } catch let error as SeriesError {
    return error
  } catch {
    Issue.record("\(error)")
    return nil
  }
}

private let hours = """
  time,y,p,k
  2016-07-01 00:00,1,10,5
  2016-07-01 01:00,2,20,6
  2016-07-01 02:00,3,30,7

  """

@Suite struct SeriesTableTests {
  @Test func columnsBecomeSeries() throws {
    let table = try seriesTable(
      hours, "{targets: [y], pastCovariates: [p], knownCovariates: [k], calendar: [hour]}")
    let series = try #require(table.series.first)
    #expect(table.series.count == 1 && table.frequency == .step(3600) && table.seasonLength == 24)
    #expect(series.targets == [[1, 2, 3]])
    #expect(series.pastCovariates == [[10, 20, 30]] && series.knownCovariates == [[5, 6, 7]])
    #expect(series.rowCount == 3 && series.futureCount == 0)
    #expect(table.timeText(4, of: series) == "2016-07-01 04:00")
  }

  @Test func rowsOfGroupsMayBeMixed() throws {
    let table = try seriesTable(
      """
      day,shop,y
      2020-01-01,north,1
      2020-01-01,south,10
      2020-01-02,north,2
      2020-01-03,north,3
      2020-01-02,south,20

      """, "{time: day, targets: [y], group: shop}")
    #expect(table.series.map(\.name) == ["north", "south"])
    #expect(table.series.map(\.targets) == [[[1, 2, 3]], [[10, 20]]])
  }

  @Test func rowsAfterTheLastTargetAreTheFuture() throws {
    let table = try seriesTable(
      hours + "2016-07-01 03:00,,,8\n2016-07-01 04:00,,,9\n",
      "{targets: [y], pastCovariates: [p], knownCovariates: [k]}")
    let series = try #require(table.series.first)
    #expect(series.rowCount == 3 && series.futureCount == 2)
    #expect(series.knownCovariates == [[5, 6, 7, 8, 9]])
    let without = try seriesTable(hours + "2016-07-01 03:00,,,8\n", "targets: [y]")
    #expect(without.series.first?.rowCount == 3 && without.series.first?.futureCount == 0)
  }

  @Test func disorderIsNamed() {
    #expect(
      error("time,y\n1,1\n3,1\n2,1\n")
        == .outOfOrder(file: "x.csv", line: 4, series: "", before: "3", found: "2"))
    #expect(
      error("time,y\n2016-01-01,1\n2016-01-02,1\n2016-01-02,1\n")
        == .duplicate(
          file: "x.csv", line: 4, otherLine: 3, series: "", time: "2016-01-02"))
  }

  @Test func gapsAreNamed() {
    let text = "time,y\n2016-01-01,1\n2016-01-02,1\n2016-01-05,1\n2016-01-06,1\n"
    #expect(
      error(text)
        == .gap(
          file: "x.csv", line: 4, series: "", from: "2016-01-02", to: "2016-01-05", rows: 2,
          step: "1 d"))
    #expect(
      error("time,y\n0,1\n1,1\n2,1\n2.5,1\n3,2\n4,2\n")
        == .offGrid(
          file: "x.csv", line: 5, series: "", time: "2.5", before: "2", step: "1"))
    #expect(
      error("time,y\n0,1\n1,1\n2,\n3,NA\n4,2\n")
        == .missing(
          file: "x.csv", line: 4, series: "", column: "y", from: "2", to: "3", rows: 2))
    #expect(
      error("time,y,z\n0,1,\n1,1,\n", "{targets: [y, z]}")
        == .emptyColumn(file: "x.csv", series: "", column: "z"))
  }

  private static let filled: [(String, [Double])] = [
    ("forward", [4, 4, 4, 7, 7, 7, 13, 13]), ("linear", [4, 4, 4, 7, 9, 11, 13, 13]),
    ("zero", [0, 0, 4, 7, 0, 0, 13, 0]), ("mean", [4, 4, 4, 7, 5.5, 5.5, 13, 8]),
  ]

  @Test(arguments: filled)
  func gapsAreFilledByRule(rule: String, expected: [Double]) throws {
    // The times 4 and 5 are missing; two values at the beginning and one at the end are.
    let table = try seriesTable(
      "time,y,z\n0,,1\n1,,1\n2,4,1\n3,7,1\n6,13,1\n7,,1\n", "{targets: [y, z], gaps: \(rule)}")
    let series = try #require(table.series.first)
    #expect(series.targets[0] == expected)
    #expect(series.insertedRows == 2 && series.filledValues == 3)
  }

  @Test func textWhereANumberBelongsIsNamed() {
    #expect(
      error("time,y\n1,1\n2,high\n")
        == .table(.notANumber(file: "x.csv", line: 3, column: "y", found: "high")))
    #expect(
      error("time,y\n2016-01-01,1\nsoon,2\n")
        == .unreadableTime(
          file: "x.csv", line: 3, column: "time", found: "soon",
          expected: "a date such as 2016-07-01 or 2016-07-01 09:00:00, as in the rows above"))
    #expect(
      error("time,y\n1,1\n2016-01-01,2\n")
        == .unreadableTime(
          file: "x.csv", line: 3, column: "time", found: "2016-01-01",
          expected: "a number, as in the rows above"))
    #expect(
      error("time,y\n1,1\n2,1\n", "{targets: [load]}")
        == .table(.missingColumn(file: "x.csv", column: "load", known: ["time", "y"])))
    #expect(error("time,y\n1,1\n") == .noFrequency(file: "x.csv"))
    #expect(
      error("time,y\n1,1\n2,1\n", "{targets: [y], calendar: [hour]}")
        == .noCalendar(file: "x.csv", column: "time"))
  }

  @Test func monthsNeedDates() {
    #expect(
      error("time,y\n1,1\n1e300,1\n", "{targets: [y], frequency: quarter}")
        == .noMonths(file: "x.csv", column: "time", frequency: "quarter"))
  }

  @Test func monthsAreFoundWhereverTheyEnd() throws {
    let ends = try seriesTable(
      "time,y\n2016-01-31,1\n2016-02-29,2\n2016-03-31,3\n2016-04-30,4\n", "targets: [y]")
    #expect(ends.frequency == .months(1, atEnd: true))
    let series = try #require(ends.series.first)
    #expect(ends.timeText(4, of: series) == "2016-05-31" && ends.seasonLength == 12)
    let quarters = try seriesTable("time,y\n2016-01,1\n2016-04,2\n2016-07,3\n", "targets: [y]")
    #expect(quarters.frequency == .months(3, atEnd: false))
    #expect(try quarters.timeText(3, of: #require(quarters.series.first)) == "2016-10")
  }

  @Test func messagesSayWhatToDo() {
    let gap = SeriesError.gap(
      file: "x.csv", line: 4, series: "north", from: "2016-01-02", to: "2016-01-05", rows: 2,
      step: "1 d")
    #expect(
      gap.description
        == "x.csv: line 4 (series 'north'): 2 rows are missing between 2016-01-02 and 2016-01-05, "
        + "expected one every 1 d; fill in, or say how with gaps: forward, linear, zero or mean")
  }

  @Test(arguments: [
    "{}", "{targets: [y], group: y}", "{targets: [y, y]}", "{targets: [time]}",
    "{targets: [y], calendar: [moon]}", "{targets: [y], frequency: often}",
    "{targets: [y], gaps: guess}", "{targets: [y], colour: red}",
    "{targets: [y], calendar: [hour, hour]}",
  ])
  func badConfigurationsAreRefused(yaml: String) {
    #expect(throws: (any Error).self) { try seriesTable(hours, yaml) }
  }
}

@Suite struct SplitTests {
  private func parts(_ rows: Int, _ yaml: String) throws -> SeriesParts {
    let text =
      "time,y\n" + (0..<rows).map { "2016-01-\($0 < 9 ? "0" : "")\($0 + 1),\($0)\n" }.joined()
    let configuration = try forecasterConfiguration("{data: {targets: [y]}, split: \(yaml)}")
    let table = try seriesTable(text, "targets: [y]")
    return try table.parts(of: #require(table.series.first), configuration.split)
  }

  @Test func partsAreCountedSharedOrDated() throws {
    #expect(
      try parts(30, "{unit: rows, train: 12, validation: 4, test: 4}")
        == SeriesParts(train: 0..<12, validation: 12..<16, test: 16..<20))
    #expect(try parts(30, "{}") == SeriesParts(train: 0..<21, validation: 21..<24, test: 24..<30))
    #expect(
      try parts(30, "{unit: dates, validationFrom: 2016-01-11, testFrom: 2016-01-21 00:00}")
        == SeriesParts(train: 0..<10, validation: 10..<20, test: 20..<30))
    #expect(
      try parts(30, "{unit: dates, testFrom: 2016-01-21}")
        == SeriesParts(train: 0..<20, validation: 20..<20, test: 20..<30))
  }

  @Test(arguments: [
    "{unit: rows, train: 20, validation: 10, test: 10}", "{unit: rows, train: 1.5}",
    "{unit: fractions, train: 0.9, test: 0.2}", "{unit: dates}",
    "{unit: dates, validationFrom: 2016-01-21, testFrom: 2016-01-11}", "{train: 0}",
    "{unit: dates, validationFrom: 2015-01-01}", "{validationFrom: 2016-01-02}",
  ])
  func splitsThatDoNotFitAreRefused(yaml: String) {
    #expect(throws: (any Error).self) { try parts(30, yaml) }
  }
}
