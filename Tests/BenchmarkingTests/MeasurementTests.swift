import Benchmarking
import Testing

@Suite struct MeasurementTests {
  @Test func quantilesLieBetweenRunsByTheirDistance() {
    let measurement = Measurement([5, 1, 4, 2, 3])
    #expect(measurement.minimum == 1 && measurement.maximum == 5 && measurement.median == 3)
    #expect(measurement.quantile(0.25) == 2 && measurement.quantile(0.75) == 4)
    let even = Measurement([4, 1, 2, 3])
    #expect(even.median == 2.5 && even.quantile(0.25) == 1.75 && even.quantile(1) == 4)
    let one = Measurement([7])
    #expect(one.median == 7 && one.quantile(0.25) == 7 && one.quantile(0.75) == 7)
  }

  @Test func ratesComeFromTheMedian() {
    let record = BenchmarkRecord("product", threads: 1, Measurement([0.001, 0.002, 0.009]))
      .rate(operations: 2e8, peak: 200).rate(bytes: 4e6)
    #expect(record.repetitions == 3 && record.medianMilliseconds == 2)
    #expect(record.lowerQuartileMilliseconds == 1.5 && record.upperQuartileMilliseconds == 5.5)
    #expect(record.gigaflopsPerSecond == 100 && record.shareOfPeak == 0.5)
    #expect(record.peakGigaflopsPerSecond == 200 && record.gigabytesPerSecond == 2)
  }

  @Test func shortWorkFillsAMillisecondAndLongWorkRunsOnce() {
    #expect(innerRepetitions(1e-5) == 100)
    #expect(innerRepetitions(0.5) == 1)
    #expect(innerRepetitions(0) == 10_000)
    var calls = 0
    let measurement = measure(repetitions: 4) { calls += 1 }
    #expect(measurement.seconds.count == 4)
    #expect(calls >= 6, "one to warm up, one to see how long it takes, four that count")
  }
}
