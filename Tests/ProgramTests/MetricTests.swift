import Foundation
import Testing

/// `scribe score --metric`.
@Suite struct MetricTests {
  let folder: TemporaryFolder
  let reference: String
  let other: String
  let hypothesis: String
  let baseline: String

  init() throws {
    folder = try TemporaryFolder()
    reference = try folder.write(
      "r.de", "Ein Mann fährt ein rotes Rad.\nZwei Hunde spielen im Schnee.\n".utf8)
    other = try folder.write(
      "o.de", "Ein Mann fährt auf einem roten Rad.\nZwei Hunde sind im Schnee.\n".utf8)
    hypothesis = try folder.write(
      "h.de", "Ein Mann fährt auf einem rotes Rad.\nzwei Hunde spielen im Schnee.\n".utf8)
    baseline = try folder.write("b.de", "Mann fährt Rad.\nHunde spielen Schnee.\n".utf8)
  }

  private struct Report: Decodable {
    struct Interval: Decodable {
      var lower: Double
      var upper: Double
    }
    struct Parts: Decodable {
      var precisions: [Double]
      var hypothesisLength: Int
      var referenceLength: Int
    }
    struct Comparison: Decodable {
      var baseline: Double
      var wins: Int
      var losses: Int
      var samples: Int
      var pValue: Double
    }
    struct Score: Decodable {
      var metric: String
      var score: Double
      var interval: Interval?
      var signature: String
      var parts: Parts?
      var comparison: Comparison?
    }
    var references: [String]
    var sentences: Int
    var scores: [Score]
  }

  private func report(_ options: String...) throws -> Report {
    let run = try ScribeProgram.run(["score", "--json", reference, hypothesis] + options)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func scoresAndSignaturesAreSacreBLEUs() throws {
    let report = try report(
      "--metric", "bleu", "--metric", "chrf", "--metric", "chrf++", "--resamples", "0")
    #expect(report.sentences == 2 && report.references == [reference])
    #expect(report.scores.map(\.metric) == ["BLEU", "chrF2", "chrF2++"])
    // What sacreBLEU 2.6.0 says of the two files.
    let expected = [50.58489476707246, 85.00305162704127, 83.09956152959447]
    for (score, expected) in zip(report.scores, expected) {
      #expect(abs(score.score - expected) < 1e-9, "\(score)")
      #expect(score.interval == nil && score.comparison == nil)
    }
    #expect(
      report.scores.map(\.signature) == [
        "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:Scribe",
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:Scribe",
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:Scribe",
      ])
    #expect(report.scores[0].parts?.hypothesisLength == 14)
    #expect(report.scores[1].parts == nil)
  }

  @Test func moreReferencesAndNoCaseScoreHigher() throws {
    let one = try report("--metric", "bleu").scores[0]
    let two = try report("--metric", "bleu", "--reference", other, "--ignore-case").scores[0]
    #expect(two.score > one.score)
    #expect(
      two.signature
        == "nrefs:2|bs:1000|seed:12345|case:lc|eff:no|tok:13a|smooth:exp|version:Scribe")
    let interval = try #require(one.interval)
    #expect(interval.lower <= one.score && one.score <= interval.upper)
    let characters = try report("--metric", "bleu", "--tokenize", "char").scores[0]
    #expect(characters.signature.contains("tok:char") && characters.score > one.score)
  }

  @Test func aBaselineIsComparedOnTheSameDraws() throws {
    let score = try report(
      "--metric", "chrf", "--baseline", baseline, "--resamples", "100", "--seed", "4"
    ).scores[0]
    let comparison = try #require(score.comparison)
    #expect(comparison.baseline < score.score)
    #expect(comparison.wins == 100 && comparison.losses == 0 && comparison.samples == 100)
    #expect(score.signature.contains("bs:100|seed:4"))
  }

  @Test func theReportNamesEverything() throws {
    let run = try ScribeProgram.run([
      "score", "--metric", "bleu", "--metric", "chrf++", "--baseline", baseline, reference,
      hypothesis,
    ])
    #expect(run.code == 0)
    for part in ["\(reference): 2 sentences", "chrF2++", "BASELINE", baseline, "tok:13a", "nw:2"] {
      #expect(run.output.contains(part), "\(part) in \(run.output)")
    }
  }

  @Test func filesOfDifferentLengthAreRefusedByName() throws {
    let short = try folder.write("short.de", "Ein Mann.\n".utf8)
    for arguments in [[reference, short], [reference, hypothesis, "--reference", short]] {
      let run = try ScribeProgram.run(["score", "--metric", "bleu"] + arguments)
      #expect(run.code == 65 && run.output.isEmpty)
      #expect(run.errors.contains(short) && run.errors.contains(reference), "\(run.errors)")
    }
    let missing = try ScribeProgram.run(["score", "--metric", "bleu", reference, "none.de"])
    #expect(missing.code == 66 && missing.errors.contains("none.de"))
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    for (options, name) in [
      (["--baseline", baseline], "--metric"), (["--metric", "bleu", "--nist"], "--nist"),
      (["--metric", "bleu", "--worst", "3"], "--worst"), (["--metric", "ter"], "ter"),
      (["--metric", "bleu", "--resamples", "-1"], "--resamples"),
      (["--metric", "bleu", "--resamples", "0", "--baseline", baseline], "--baseline"),
    ] {
      let run = try ScribeProgram.run(["score", reference, hypothesis] + options)
      #expect(run.code == 64 && run.errors.contains(name), "\(options): \(run)")
    }
  }
}
