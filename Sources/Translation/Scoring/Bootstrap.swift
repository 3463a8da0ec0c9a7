import Tensors

/// Where a score lies if the sentences had been others of their kind, by the percentile bootstrap
/// (Efron 1979) over drawn corpora (Koehn 2004).
public struct ScoreInterval: Sendable, Equatable {
  /// The mean of the scores of the drawn corpora.
  public let mean: Double
  /// The lower end of the 95 % confidence interval.
  public let lower: Double
  /// The upper end of the 95 % confidence interval.
  public let upper: Double

  /// Half the width of the interval: what sacreBLEU prints behind `±`.
  public var halfWidth: Double { (upper - lower) / 2 }

  init(_ scores: [Double]) {
    let sorted = scores.sorted()
    let cut = sorted.count / 40
    mean = scores.reduce(0, +) / Double(max(1, scores.count))
    lower = sorted.isEmpty ? 0 : sorted[cut]
    upper = sorted.isEmpty ? 0 : sorted[sorted.count - cut - 1]
  }
}

/// Whether one system translates better than another, by paired bootstrap resampling (Koehn 2004):
/// both are scored on the same drawn corpora.
public struct PairedBootstrap: Sendable, Equatable {
  /// The score of the system that is compared with.
  public let baseline: Double
  /// The score of the system in question.
  public let system: Double
  /// Where the baseline's score lies.
  public let baselineInterval: ScoreInterval
  /// Where the system's score lies.
  public let systemInterval: ScoreInterval
  /// The drawn corpora.
  public let sampleCount: Int
  /// The drawn corpora on which the system scores better.
  public let systemWins: Int
  /// The drawn corpora on which the baseline scores better.
  public let baselineWins: Int
  /// How likely a difference as large as that of the scores, to either side, is by chance: the share
  /// of drawn corpora whose difference exceeds the mean difference by more than it, as in sacreBLEU.
  public let pValue: Double

  /// The comparison over given corpora.
  ///
  /// - Parameters:
  ///   - baseline: The baseline's statistics of each sentence.
  ///   - system: The system's.
  ///   - draw: The sentences of a corpus, by its number.
  package init(
    _ metric: some TranslationMetric, baseline: [[Int]], system: [[Int]], samples: Int,
    draw: (Int) -> [Int]
  ) {
    precondition(
      baseline.count == system.count,
      "PairedBootstrap: \(baseline.count) sentences and \(system.count), expected as many")
    self.baseline = metric.score(ofSums: metric.sums(of: baseline))
    self.system = metric.score(ofSums: metric.sums(of: system))
    let tables = (StatisticsTable(baseline), StatisticsTable(system))
    var (baselineScores, systemScores): ([Double], [Double]) = ([], [])
    for sample in 0..<(baseline.isEmpty ? 0 : samples) {
      let drawn = draw(sample)
      baselineScores.append(metric.score(ofSums: tables.0.sums(of: drawn)))
      systemScores.append(metric.score(ofSums: tables.1.sums(of: drawn)))
    }
    let pairs = zip(systemScores, baselineScores)
    sampleCount = systemScores.count
    systemWins = pairs.count { $0 > $1 }
    baselineWins = pairs.count { $0 < $1 }
    baselineInterval = ScoreInterval(baselineScores)
    systemInterval = ScoreInterval(systemScores)
    pValue = Self.pValue(pairs.map { abs($0 - $1) }, difference: abs(self.system - self.baseline))
  }

  private static func pValue(_ differences: [Double], difference: Double) -> Double {
    let mean = differences.reduce(0, +) / Double(max(1, differences.count))
    let larger = differences.count { $0 - mean > difference }
    return Double(larger + 1) / Double(differences.count + 1)
  }
}

extension TranslationMetric {
  /// Where the score of a corpus lies; the same seed gives the same interval.
  ///
  /// - Parameter references: For each hypothesis its references, at least one.
  public func interval(
    _ hypotheses: [String], references: [[String]], resampling: Resampling = Resampling()
  ) -> ScoreInterval {
    let statistics = statistics(of: hypotheses, references: references)
    guard !statistics.isEmpty else { return ScoreInterval([]) }
    let table = StatisticsTable(statistics)
    return ScoreInterval(
      (0..<resampling.samples).map { sample in
        score(ofSums: table.sums(of: resampling.draw(sample, of: statistics.count)))
      })
  }

  /// Whether a system translates the same sentences better than a baseline.
  ///
  /// - Parameter references: For each sentence its references, at least one.
  public func compare(
    _ system: [String], with baseline: [String], references: [[String]],
    resampling: Resampling = Resampling()
  ) -> PairedBootstrap {
    PairedBootstrap(
      self, baseline: statistics(of: baseline, references: references),
      system: statistics(of: system, references: references), samples: resampling.samples
    ) { resampling.draw($0, of: system.count) }
  }
}

extension Resampling {
  /// The sentences of a drawn corpus: as many as there are, with repetition.
  func draw(_ sample: Int, of count: Int) -> [Int] {
    var source = RandomSource(seed: seed, sample)
    return (0..<count).map { _ in source.integer(in: 0...count - 1) }
  }
}

/// The statistics of a corpus' sentences, one after the other.
private struct StatisticsTable {
  private let values: [Int]
  private let width: Int

  init(_ sentences: [[Int]]) {
    values = sentences.flatMap { $0 }
    width = sentences.first?.count ?? 0
  }

  func sums(of sentences: [Int]) -> [Int] {
    var sums = [Int](repeating: 0, count: width)
    sums.withUnsafeMutableBufferPointer { sums in
      values.withUnsafeBufferPointer { values in
        for sentence in sentences {
          for index in 0..<width { sums[index] += values[sentence * width + index] }
        }
      }
    }
    return sums
  }
}
