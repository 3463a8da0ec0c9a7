import Decoding

/// What `--show` tells of a scoring, and how it was done.
struct ScoringDetails: Encodable {
  /// One utterance, aligned.
  struct Aligned: Encodable {
    var id: String
    var speaker: String?
    var counts: EditCounts
    var alignment: [AlignedWord]
  }

  var method: AlignmentMethod
  var normalization: ScoringNormalization
  var unit: ScoringUnit
  var speakers: [SpeakerTable.Row]?
  var errors: ErrorLists?
  var alignments: [Aligned]?
  /// The parts for people.
  let text: String

  enum CodingKeys: String, CodingKey {
    case method, normalization, unit, speakers, errors, alignments
  }

  init(_ run: ScoredRun, _ options: ScoringOptions) {
    (method, normalization, unit) = (run.scorer.method, run.scorer.normalization, run.unit)
    let utterances = run.utterances
    var parts: [String] = []
    if options.shows(.speakers) || options.shows(.counts) {
      let table = SpeakerTable(utterances)
      let name = run.unit == .words ? "Wrd" : "Chr"
      speakers = table.rows
      if options.shows(.speakers) { parts.append(table.text(.percent, unit: name)) }
      if options.shows(.counts) { parts.append(table.text(.counts, unit: name)) }
    }
    if options.shows(.confusions) || options.shows(.edits) {
      let lists = ErrorLists(utterances)
      errors = lists
      if options.shows(.confusions) { parts.append(lists.confusionText(options.top)) }
      if options.shows(.edits) { parts.append(lists.wordText(options.top)) }
    }
    if options.shows(.alignments) {
      let capitals = normalization.ignoreCase
      alignments = utterances.map {
        Aligned(id: $0.id, speaker: $0.speaker, counts: $0.counts, alignment: $0.alignment)
      }
      parts += utterances.map { $0.alignmentText(capitals: capitals) }
    }
    text = parts.map { "\n\($0)" }.joined()
  }
}
