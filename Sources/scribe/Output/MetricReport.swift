import Translation

/// What `scribe score --metric` tells.
struct MetricReport: Encodable {
  /// Where a score lies, by the bootstrap.
  struct Interval: Encodable {
    var mean: Double
    var lower: Double
    var upper: Double

    init(_ interval: ScoreInterval) {
      (mean, lower, upper) = (interval.mean, interval.lower, interval.upper)
    }
  }

  /// What BLEU is made of.
  struct Parts: Encodable {
    var precisions: [Double]
    var brevityPenalty: Double
    var hypothesisLength: Int
    var referenceLength: Int

    init(_ score: BLEU.Score) {
      (precisions, brevityPenalty) = (score.precisions, score.brevityPenalty)
      (hypothesisLength, referenceLength) = (score.hypothesisLength, score.referenceLength)
    }
  }

  /// The baseline's score, and how often either is better on a drawn corpus.
  struct Comparison: Encodable {
    var baseline: Double
    var baselineInterval: Interval
    var wins: Int
    var losses: Int
    var samples: Int
    var pValue: Double

    init(_ result: PairedBootstrap) {
      (baseline, baselineInterval) = (result.baseline, Interval(result.baselineInterval))
      (wins, losses) = (result.systemWins, result.baselineWins)
      (samples, pValue) = (result.sampleCount, result.pValue)
    }
  }

  /// One measure's score.
  struct Score: Encodable {
    var metric: String
    var score: Double
    var interval: Interval?
    var signature: String
    var parts: Parts?
    var comparison: Comparison?
  }

  var references: [String]
  var hypothesis: String
  var baseline: String?
  var sentences: Int
  var scores: [Score]

  init(_ texts: TranslationTexts, by metrics: [any TranslationMetric], resampling: Resampling?) {
    (references, hypothesis) = (texts.files.references, texts.files.hypothesis)
    (baseline, sentences) = (texts.files.baseline, texts.hypotheses.count)
    scores = metrics.map { Score($0, texts, resampling) }
  }
}

extension MetricReport.Score {
  init(_ metric: any TranslationMetric, _ texts: TranslationTexts, _ resampling: Resampling?) {
    self.metric = metric.name
    signature = metric.signature(references: texts.references, resampling: resampling)
    parts = (metric as? BLEU).map {
      MetricReport.Parts($0.score(texts.hypotheses, references: texts.references))
    }
    score = metric.corpusScore(texts.hypotheses, references: texts.references)
    guard let resampling else { return }
    guard let baseline = texts.baseline else {
      interval = MetricReport.Interval(
        metric.interval(texts.hypotheses, references: texts.references, resampling: resampling))
      return
    }
    let result = metric.compare(
      texts.hypotheses, with: baseline, references: texts.references, resampling: resampling)
    interval = MetricReport.Interval(result.systemInterval)
    comparison = MetricReport.Comparison(result)
  }
}

// MARK: - For people

extension MetricReport {
  /// The report for people.
  var text: String {
    let names = references.map(\.printable).joined(separator: ", ")
    var text = "\(hypothesis.printable) against \(names): \(sentences) sentences\n\n" + table
    if let baseline { text += "\nthe baseline is \(baseline.printable)\n" + comparisons }
    if let parts = scores.compactMap(\.parts).first { text += "\n" + Self.line(parts) }
    text += "\n"
    let width = scores.map(\.metric.count).max() ?? 0
    for score in scores { text += "\(score.metric.padded(width))  \(score.signature)\n" }
    return text
  }

  private var table: String {
    var table = Table(["", "SCORE", "95 % INTERVAL"], numeric: [1, 2])
    for score in scores {
      table.add([score.metric, score.score.fixed(2), score.interval.map(Self.cell) ?? ""])
    }
    return table.text
  }

  private var comparisons: String {
    var table = Table(
      ["", "BASELINE", "95 % INTERVAL", "BETTER", "WORSE", "OF", "P"], numeric: [1, 2, 3, 4, 5, 6])
    for score in scores {
      guard let comparison = score.comparison else { continue }
      table.add([
        score.metric, comparison.baseline.fixed(2), Self.cell(comparison.baselineInterval),
        "\(comparison.wins)", "\(comparison.losses)", "\(comparison.samples)",
        comparison.pValue.fixed(4),
      ])
    }
    return table.text
  }

  private static func cell(_ interval: Interval) -> String {
    "\(interval.lower.fixed(2)) – \(interval.upper.fixed(2))"
  }

  private static func line(_ parts: Parts) -> String {
    let precisions = parts.precisions.map { $0.fixed(1) }.joined(separator: " / ")
    return
      "of BLEU: 1 to 4 words right \(precisions) %, brevity penalty "
      + "\(parts.brevityPenalty.fixed(3)) (\(parts.hypothesisLength) words for "
      + "\(parts.referenceLength))\n"
  }
}
