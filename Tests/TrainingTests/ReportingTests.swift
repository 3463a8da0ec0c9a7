import Foundation
import Testing
import Training

@Suite struct MetricsLogTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/metrics.jsonl" }

  init() throws { folder = try TemporaryFolder() }

  private func record(_ step: Int, _ kind: MetricsRecord.Kind = .step) -> MetricsRecord {
    var record = MetricsRecord(kind: kind, epoch: 1 + step / 10, step: step)
    record.loss = 1 / Double(step + 1)
    record.learningRate = 3e-4
    record.skippedSteps = step / 4
    if kind == .epoch {
      (record.measures[.cer], record.measures[.wer]) = (0.125, 0.5)
      record.profile = ["products": 12.5, "steps": 3]
    }
    return record
  }

  @Test func recordsComeBackAsTheyWere() throws {
    let records = [record(5), record(10), record(10, .epoch)]
    do {
      let log = try MetricsLog(path: path)
      for record in records { try log.append(record) }
    }
    #expect(try MetricsLog.read(path) == records)
    for line in try folder.read("metrics.jsonl").split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["step"] as? Int != nil)
    }
  }

  @Test func resumingDropsWhatComesLaterAndTornLines() throws {
    do {
      let log = try MetricsLog(path: path)
      for step in [5, 9] { try log.append(record(step)) }
      try log.append(record(9, .epoch))
      // The epoch under way ended with the step of the checkpoint, and will end again.
      try log.append(record(12, .epoch))
      for step in stride(from: 15, through: 25, by: 5) { try log.append(record(step)) }
    }
    let torn = try folder.read("metrics.jsonl") + #"{"kind": "step", "epo"#
    try folder.write("metrics.jsonl", torn)
    do {
      let log = try MetricsLog(path: path, resumedAt: (step: 12, epoch: 2))
      try log.append(record(15))
    }
    #expect(try MetricsLog.read(path).map(\.step) == [5, 9, 9, 15])
    #expect(try MetricsLog.read(path).map(\.kind) == [.step, .step, .epoch, .step])
    _ = try MetricsLog(path: path)
    #expect(try MetricsLog.read(path).isEmpty)
  }

  @Test func lossesThatAreNotFiniteStayValidJSON() throws {
    var bad = record(1)
    bad.loss = .infinity
    let log = try MetricsLog(path: path)
    try log.append(bad)
    try log.append(record(2))
    let records = try MetricsLog.read(path)
    #expect(records.count == 2 && records[0].loss?.isNaN == true)
    let line = try #require(try folder.read("metrics.jsonl").split(separator: "\n").first)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  @Test func damageAndFoldersAreNamed() throws {
    try folder.write("metrics.jsonl", record(5).json + "\nhello\n" + record(6).json + "\n")
    let damage = #expect(throws: ReportingError.self) {
      _ = try MetricsLog(path: path, resumedAt: (step: 5, epoch: 1))
    }
    #expect("\(try #require(damage))".contains("metrics.jsonl:2"))
    #expect(throws: ReportingError.self) { _ = try MetricsLog(path: folder.path + "/no/such/log") }
    #expect(throws: ReportingError.self) { _ = try MetricsLog(path: folder.path) }
  }

  @Test func quotedTextIsJSON() throws {
    let hostile = "a\"b\\c\n\r\t\u{1}\u{1F}é😀\u{2028}"
    let value = try JSONSerialization.jsonObject(
      with: Data(JSONValue.quoted(hostile).utf8), options: .fragmentsAllowed)
    #expect(value as? String == hostile)
    #expect(try JSONValue(parsing: JSONValue.quoted(hostile)) == .string(hostile))
  }
}

@Suite struct ProgressReporterTests {
  /// What a reporter wrote, and the time that it sees.
  final class Screen {
    var text = ""
    var time = 100.0

    func reporter(isTerminal: Bool, width: Int = 200, interval: Double = 30) -> ProgressReporter {
      ProgressReporter(
        output: .init(isTerminal: isTerminal, width: { width }, write: { self.text += $0 }),
        interval: interval, now: { self.time })
    }
  }

  private func state(_ step: Int, frames: Int, left: Int? = nil) -> ProgressReporter.State {
    .init(
      epoch: 2, epochCount: 5, step: step, stepCount: 400, loss: 1.23456, frames: frames,
      framesLeft: left)
  }

  @Test func aTerminalHasOneLineRedrawn() {
    let screen = Screen()
    var reporter = screen.reporter(isTerminal: true)
    reporter.begin(step: 100)
    for step in 101...200 {
      screen.time += 0.0625
      reporter.update(state(step, frames: (step - 100) * 1000))
    }
    #expect(!screen.text.contains("\n"))
    let lines = screen.text.split(separator: "\r")
    #expect(lines.count == 50, "a redraw every 0.125 s, because 0.0625 s is too soon")
    #expect(
      lines.last == "epoch 2/5  step 199/400  loss 1.2346  16.0k frames/s  0:13 left\u{1B}[K")
    reporter.note("hello")
    #expect(screen.text.hasSuffix("\r\u{1B}[Khello\n"))
  }

  @Test func aNarrowTerminalIsNotWrapped() {
    let screen = Screen()
    var reporter = screen.reporter(isTerminal: true, width: 20)
    reporter.update(state(1, frames: 0))
    #expect(screen.text == "\repoch 2/5  step 1/4\u{1B}[K")
    reporter.finish()
    reporter.finish()
    #expect(screen.text.count { $0 == "\n" } == 1)
  }

  @Test func elsewhereLinesComeAtIntervals() {
    let screen = Screen()
    var reporter = screen.reporter(isTerminal: false, interval: 10)
    reporter.begin()
    for step in 1...35 {
      screen.time += 1
      reporter.update(state(step, frames: step * 500, left: (400 - step) * 500))
    }
    let lines = screen.text.split(separator: "\n")
    #expect(
      lines == [
        "epoch 2/5  step 10/400  loss 1.2346  500 frames/s  6:30 left",
        "epoch 2/5  step 20/400  loss 1.2346  500 frames/s  6:20 left",
        "epoch 2/5  step 30/400  loss 1.2346  500 frames/s  6:10 left",
      ])
    #expect(!screen.text.contains("\u{1B}"))
  }

  @Test func anEpochIsSummedUpInALine() {
    let screen = Screen()
    var reporter = screen.reporter(isTerminal: false)
    var record = MetricsRecord(kind: .epoch, epoch: 3, step: 120)
    record.loss = 0.5
    (record.validationLoss, record.measures[.cer], record.measures[.wer]) = (0.75, 0.0123, 1.005)
    (record.framesPerSecond, record.seconds, record.skippedSteps) = (1_234_567, 3725, 2)
    reporter.epochFinished(record, epochCount: 40)
    #expect(
      screen.text
        == "epoch 3/40: loss 0.5000, validation loss 0.7500, CER 1.23 %, WER 100.50 %, "
        + "1.2M frames/s, after 1:02:05, 2 steps skipped\n")
  }

  @Test func aLossThatIsNotFiniteIsShownAsSuch() {
    let screen = Screen()
    var reporter = screen.reporter(isTerminal: true)
    reporter.update(
      .init(epoch: 1, epochCount: 1, step: 1, stepCount: nil, loss: .nan, frames: 0))
    #expect(screen.text.contains("loss nan"))
  }
}
