import Dispatch
import Tensors
import Testing

/// Times are measured for the whole process, so its tests take turns.
@Suite(.serialized) struct ProfileTests {
  private func totals(_ seconds: [UInt64]) -> [WorkKind: UInt64] {
    Dictionary(uniqueKeysWithValues: WorkKind.allCases.map { ($0, seconds[$0.rawValue]) })
      .filter { $0.value > 0 }
  }

  @Test func innerSpansCountAndAllTimeIsCounted() {
    var account = SpanAccount(at: 100)
    account.enter(.recurrence, at: 110)
    account.enter(.packing, at: 125)
    account.enter(.copying, at: 130)
    account.leave(at: 137)
    account.leave(at: 150)
    account.leave(at: 200)
    account.enter(.products, at: 203)
    account.leave(at: 300)
    let expected: [WorkKind: UInt64] = [
      .recurrence: 15 + 50, .packing: 5 + 13, .copying: 7, .products: 97, .other: 10 + 3 + 40,
    ]
    let found = totals(account.take(at: 340))
    #expect(found == expected)
    #expect(found.values.reduce(0, +) == 240)
  }

  @Test func anOpenSpanIsDividedBetweenTwoReports() {
    var account = SpanAccount(at: 0)
    account.enter(.loss, at: 5)
    #expect(totals(account.take(at: 20)) == [.other: 5, .loss: 15])
    account.leave(at: 50)
    #expect(totals(account.take(at: 51)) == [.loss: 30, .other: 1])
    account.leave(at: 60)
    #expect(totals(account.take(at: 60)) == [.other: 9], "there was nothing to leave")
  }

  @Test func whatValidationDoesBelongsToValidation() {
    var account = SpanAccount(at: 0)
    account.enter(.evaluation, at: 0)
    account.enter(.products, at: 10)
    account.enter(.packing, at: 20)
    account.leave(at: 30)
    account.leave(at: 40)
    account.leave(at: 50)
    account.enter(.products, at: 50)
    account.leave(at: 58)
    #expect(totals(account.take(at: 58)) == [.evaluation: 50, .products: 8])
  }

  /// Keeps the processor busy for some milliseconds.
  private func work() -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    while clock.now - start < .milliseconds(3) {}
    return (clock.now - start) / .seconds(1)
  }

  @Test func theMeasuredThreadAlone() {
    let clock = ContinuousClock()
    let start = clock.now
    Profile.start()
    defer { Profile.stop() }
    let span = Profile.open(.convolution)
    let worked = work()
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      let other = Profile.open(.dropout)
      _ = Profile.beside { work() }
      other.close()
    }
    group.wait()
    span.close()
    let report = Profile.take(steps: 2)
    let elapsed = (clock.now - start) / .seconds(1)
    #expect(report.steps == 2 && report.threads == WorkerPool.threadCount)
    #expect(report[.convolution] >= worked && report[.dropout] == 0)
    #expect(report.secondsBeside > 0 && report.secondsBeside < elapsed)
    #expect(report.wallSeconds >= report[.convolution] && report.wallSeconds <= elapsed)
  }

  @Test func spansOfAnotherMeasurementDoNotCount() {
    Profile.stop()
    #expect(!Profile.isRunning)
    let before = Profile.open(.products)
    Profile.start()
    let inside = Profile.open(.loss)
    before.close()
    _ = work()
    let first = Profile.take(steps: 1)
    #expect(first[.products] == 0 && first[.loss] >= 3e-3)
    Profile.start()
    inside.close()
    let outer = Profile.open(.optimizer)
    _ = work()
    inside.close()
    outer.close()
    let second = Profile.take(steps: 1)
    Profile.stop()
    #expect(second[.loss] == 0 && second[.optimizer] >= 3e-3)
    outer.close()
    #expect(Profile.beside { 7 } == 7 && Profile.take(steps: 0).secondsBeside == 0)
  }

  /// A span that is not counted must cost far less than any operation that opens one.
  @Test func spansAreFreeWhileNothingIsMeasured() {
    Profile.stop()
    let count = 1_000_000
    let clock = ContinuousClock()
    let fastest =
      (0..<5).map { _ in
        clock.measure { for _ in 0..<count { Profile.open(.products).close() } }
      }.min() ?? .zero
    #expect(fastest / .seconds(1) / Double(count) < 100e-9)
  }

  @Test func theTableByHand() {
    var seconds = [Double](repeating: 0, count: WorkKind.allCases.count)
    seconds[WorkKind.products.rawValue] = 6
    seconds[WorkKind.recurrence.rawValue] = 2
    seconds[WorkKind.convolution.rawValue] = 1
    seconds[WorkKind.waiting.rawValue] = 0.25
    seconds[WorkKind.other.rawValue] = 0.75
    seconds[WorkKind.evaluation.rawValue] = 10
    let report = ProfileReport(steps: 4, threads: 2, seconds: seconds, secondsBeside: 0.5)
    #expect(report.wallSeconds == 20 && report.stepSeconds == 10)
    #expect(report.arithmeticShare == 0.9)
    let lines = report.lines
    #expect(
      lines.first == "kind of work                     ms per step     share"
        && lines.contains("matrix products                      1500.00     60.00 %")
        && lines.contains("a step                               2500.00    100.00 %")
        && lines.contains("between steps: evaluation            2500.00     50.00 %"))
    #expect(!lines.contains { $0.contains("dropout") }, "what took no time is left out")
    #expect(
      lines.contains(
        "matrix products, convolutions and gate kernels: 90.0 % of the steps' wall time, "
          + "over 4 steps on 2 threads"))
    #expect(
      lines.last == "preparing data beside: 125.00 ms of processor time per step; "
        + "the step waited 62.50 ms for it")
    let values = report.values
    #expect(values["products"] == 1500 && values["evaluation"] == 2500 && values["steps"] == 4)
    #expect(values["arithmeticShare"] == 0.9 && values["beside"] == 125)
    #expect(values["dropout"] == nil)
  }
}
