#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The readings that a beam holds.
struct BeamReadings {
  private struct Reading {
    var slot: Int
    var labels: [Int]
    var score: Double
    var signal: Double
    var language: Double
  }

  /// The readings, best first, as many as were asked for.
  let best: [Hypothesis]

  /// - Parameter isWhole: Whether the signal ends here.
  init(_ beam: Beam, _ scorer: PrefixScorer, isWhole: Bool) {
    var readings = isWhole ? Self.readings(beam, scorer, isWhole: true) : []
    let isCut = isWhole && readings.isEmpty
    if readings.isEmpty { readings = Self.readings(beam, scorer, isWhole: false) }
    var merged = Self.merge(readings, delimiter: scorer.delimiter.map(Int.init))
    merged.sort {
      ($1.score, $0.labels.count) != ($0.score, $1.labels.count)
        ? ($1.score, $0.labels.count) < ($0.score, $1.labels.count)
        : $0.labels.lexicographicallyPrecedes($1.labels)
    }
    let total = Self.logSum(merged.map(\.score))
    best = merged.prefix(scorer.configuration.hypothesisCount).map { reading in
      var hypothesis = Self.hypothesis(reading, beam)
      hypothesis.confidence = Float(min(1, exp(reading.score - total)))
      if isCut { Self.dropLastWord(&hypothesis, scorer.delimiter.map(Int.init)) }
      return hypothesis
    }
  }

  private static func readings(
    _ beam: Beam, _ scorer: PrefixScorer, isWhole: Bool
  ) -> [Reading] {
    beam.entries.indices.compactMap { slot in
      let entry = beam.entries[slot]
      var worth = beam.arena.worth(of: entry.node)
      if isWhole {
        guard let end = scorer.finish(worth, states: beam.arena.states) else { return nil }
        worth = end
      }
      let language = Double(worth.language)
      return Reading(
        slot: slot, labels: beam.arena.labels(of: entry.node),
        score: entry.total + language + Double(worth.bonus) + Double(worth.lent),
        signal: entry.total, language: language)
    }
  }

  /// Joins what differs only in delimiters that part no words.
  private static func merge(_ readings: [Reading], delimiter: Int?) -> [Reading] {
    guard let delimiter else { return readings }
    var places: [[Int]: Int] = [:]
    var merged: [Reading] = []
    for reading in readings {
      let key = Array(reading.labels.split { $0 == delimiter }.joined(separator: [delimiter]))
      guard let place = places[key] else {
        places[key] = merged.count
        merged.append(reading)
        continue
      }
      let other = merged[place]
      if reading.score > other.score { merged[place] = reading }
      merged[place].score = logSum([reading.score, other.score])
      merged[place].signal = logSum([reading.signal, other.signal])
    }
    return merged
  }

  private static func hypothesis(_ reading: Reading, _ beam: Beam) -> Hypothesis {
    let entry = beam.entries[reading.slot]
    var alignment = entry.blankAlignment
    if entry.labelAlignment.score > alignment.score {
      alignment = entry.labelAlignment
      alignment.end = Int32(beam.frameCount)
    }
    return Hypothesis(
      spans: beam.chains.spans(alignment, labels: reading.labels), score: reading.score,
      confidence: 0, signalScore: reading.signal, languageScore: reading.language)
  }

  private static func dropLastWord(_ hypothesis: inout Hypothesis, _ delimiter: Int?) {
    while let last = hypothesis.spans.last, last.label != delimiter {
      hypothesis.spans.removeLast()
    }
  }

  private static func logSum(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest > -.infinity else { return -.infinity }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
