import Forecasting
import Testing

@Suite struct TimeNotationTests {
  private static let times: [(String, Double)] = [
    ("2016-07-01 09:00:00", 1_467_363_600.0), ("2016-07-01T09:00:00Z", 1_467_363_600),
    ("2016-07-01T09:00:00+02:00", 1_467_356_400), ("2016-07-01 09:00", 1_467_363_600),
    ("2016-07-01", 1_467_331_200), ("2016-07", 1_467_331_200), ("1969-12-31", -86_400),
    ("2000-02-29", 951_782_400), ("1600-03-01 00:00:01", -11_670_911_999),
    ("2016-07-01 09:00:00.250", 1_467_363_600.25), ("2016-07-01T09:00:00-0330", 1_467_376_200),
    ("12", 12), ("-3.5", -3.5), ("2016", 2016),
  ]

  @Test(arguments: times)
  func timesAreReadAndWrittenBack(text: String, seconds: Double) throws {
    let (time, notation) = try #require(TimeNotation.parse(text))
    #expect(time == seconds)
    #expect(notation.text(time) == text)
  }

  @Test(arguments: [
    "", "yesterday", "2016-13-01", "2015-02-29", "2016-07-01 24:00", "2016-7-1", "2016-07-01 09",
    "2016-07-01 09:00:00 CET", "2016-07-01x", "2016-07-01 09:60", "nan", "inf", "01.07.2016",
    "1900-02-29", "2016-07-01T09:00:00+2",
  ])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(TimeNotation.parse(text) == nil)
  }

  @Test func notationContinuesAsTheFileIsWritten() throws {
    let (time, notation) = try #require(TimeNotation.parse("2016-02-28T23:30+05:30"))
    let hour = try #require(Frequency("1h"))
    #expect(notation.text(hour.time(1, after: time, notation)) == "2016-02-29T00:30+05:30")
    #expect(notation.text(hour.time(25, after: time, notation)) == "2016-03-01T00:30+05:30")
  }
}

@Suite struct FrequencyTests {
  private let date = TimeNotation(.second)

  private static let steps: [(String, Double)] = [
    ("15min", 900), ("1h", 3600), ("h", 3600), ("2d", 172_800), ("1w", 604_800), ("30s", 30),
    ("0.5", 0.5),
  ]

  @Test(arguments: steps)
  func stepsAreRead(text: String, step: Double) { #expect(Frequency(text) == .step(step)) }

  @Test(arguments: ["", "0h", "-1h", "hour", "1.5month", "h1", "1 fortnight"])
  func nonsenseIsRefused(text: String) { #expect(Frequency(text) == nil) }

  @Test func monthsEndWhereMonthsEnd() throws {
    let (start, notation) = try #require(TimeNotation.parse("2015-12-31"))
    let ends = Frequency.months(1, atEnd: true)
    #expect(
      (0..<4).map { notation.text(ends.time($0, after: start, notation)) } == [
        "2015-12-31", "2016-01-31", "2016-02-29", "2016-03-31",
      ])
    #expect(Frequency("quarter") == .months(3, atEnd: false))
    #expect(Frequency("year") == .months(12, atEnd: false))
    let (later, _) = try #require(TimeNotation.parse("2016-06-30"))
    #expect(ends.rows(from: start, to: later, notation) == 6)
    let (off, _) = try #require(TimeNotation.parse("2016-06-29"))
    #expect(ends.rows(from: start, to: off, notation) == nil)
  }

  @Test func seasonsAreCustomary() {
    let seasons: [(Frequency, Int)] = [
      (.step(3600), 24), (.step(900), 96), (.step(86_400), 7), (.step(604_800), 52),
      (.months(1, atEnd: false), 12), (.months(3, atEnd: true), 4), (.months(12, atEnd: false), 1),
    ]
    for (frequency, season) in seasons {
      #expect(frequency.seasonLength(isDate: true) == season, "\(frequency)")
    }
    #expect(Frequency.step(1).seasonLength(isDate: false) == 1)
    #expect(Frequency.step(5400).text(date) == "90 min")
    #expect(Frequency.step(3600).text(date) == "1 h")
  }
}
