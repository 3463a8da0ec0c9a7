import Benchmarking
import Testing

private func failure(_ text: String) -> String {
  do {
    _ = try ResultsFile(text, name: "r.jsonl")
    return "read"
  } catch {
    return error.description
  }
}

private let expected = "; expected one JSON object a line, as scribe-bench --json prints it"

@Suite struct ResultsFileTests {
  @Test func recordsAreReadAsTheyWereWritten() throws {
    var original = record("step crnn", 12.5, rate: 300, peak: 400)
    original.phases = ["forward": 4.5, "ctc": 0.25]
    original.peakMemoryMebibytes = 812
    original.systemAllocations = 0
    let line = try ResultsFile.line(original)
    #expect(!line.contains("\n"))
    #expect(try ResultsFile("\n\(line)\r\n  \n", name: "r").records == [original])
  }

  @Test func keysOfOtherProgramsAreOverlooked() throws {
    let line = """
      {"benchmark": "ctc", "library": "PyTorch", "mode": "x", "threads": 1, "repetitions": 1, \
      "medianMilliseconds": 2, "minimumMilliseconds": 1, "maximumMilliseconds": 3, \
      "lowerQuartileMilliseconds": 1.5, "upperQuartileMilliseconds": 2.5, "mood": "good"}
      """
    let record = try #require(try ResultsFile(line, name: "r").records.first)
    #expect(record.medianMilliseconds == 2 && record.library == "PyTorch")
    #expect(record.gigaflopsPerSecond == nil && record.version == nil)
  }

  @Test func theLineOfAnErrorIsNamed() throws {
    let good = try ResultsFile.line(record("ctc", 1))
    #expect(failure(good + "\nTraceback\n") == "r.jsonl, line 2: not a JSON object" + expected)
    #expect(
      failure("\n\n[]") == "r.jsonl, line 3: not a JSON object" + expected
        || failure("\n\n[]") == "r.jsonl, line 3: '' is of another type" + expected)
    #expect(
      failure(good.replacing("\"threads\":2", with: "\"threads\":\"2\""))
        == "r.jsonl, line 1: 'threads' is of another type" + expected)
    #expect(
      failure(good.replacing("\"mode\"", with: "\"mood\""))
        == "r.jsonl, line 1: no 'mode'" + expected)
  }

  @Test func impossibleTimesAreRefused() throws {
    var record = record("ctc", 1)
    record.minimumMilliseconds = 2
    #expect(failure(try ResultsFile.line(record)).contains("line 1: times [2.0, "))
    record.minimumMilliseconds = 0
    #expect(failure(try ResultsFile.line(record)).contains("which should be above 0 and ascend"))
    record.minimumMilliseconds = 0.5
    record.threads = 0
    #expect(failure(try ResultsFile.line(record)).contains("line 1: 0 threads"))
  }

  @Test func filesWithoutResultsAreNamed() {
    #expect(
      failure("\n") == "r.jsonl: no results; run bench/run.sh, or scribe-bench with --json")
    #expect(throws: BenchmarkError.file(reason: "/no/such/file: No such file or directory")) {
      try ResultsFile(contentsOf: "/no/such/file")
    }
  }
}
