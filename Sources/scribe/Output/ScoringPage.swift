import Decoding
import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The page of a scoring: figures, tables, and the worst utterances beside their pictures.
struct ScoringPage {
  let title: String
  let run: ScoredRun
  /// How many of the worst utterances are shown.
  let worst: Int
  /// How many rows a list of words has.
  let top: Int
  /// What draws the samples; nil where there are only texts.
  let pictures: SamplePictures?

  /// - Parameter worst: 0 for the 20 worst.
  init(title: String, run: ScoredRun, worst: Int, top: Int, pictures: SamplePictures? = nil) {
    (self.title, self.run, self.top, self.pictures) = (title, run, top, pictures)
    self.worst = worst > 0 ? worst : 20
  }

  /// Writes the page; in a folder it is `report.html`.
  func write(to path: String) throws {
    var isFolder = false
    var status = stat()
    if stat(path, &status) == 0 { isFolder = status.st_mode & S_IFMT == S_IFDIR }
    var file = path
    if path.hasSuffix("/") || isFolder {
      try OutputFolder.make(path)
      file = path.hasSuffix("/") ? "\(path)report.html" : "\(path)/report.html"
    }
    do {
      try AtomicFile.writeThrough(Array(html.utf8), to: file)
    } catch {
      throw ScoringPageError(path: file, reason: error.reason)
    }
  }

  /// The page.
  var html: String {
    HTML.page(title: title, style: Self.style, body: summary + speakers + errors + worstLines)
  }

  private var summary: String {
    let tally = run.tally
    let rates = [("CER", tally.characterErrorRate()), ("WER", tally.wordErrorRate())]
    let rows = rates.map { name, rate in
      let counts = rate.counts
      return [name, rate.rate.percent, "\((rate.lower * 100).fixed(2)) – \(rate.upper.percent)"]
        + [
          counts.errors, counts.referenceCount, counts.substitutions, counts.deletions,
          counts.insertions,
        ].map { "\($0)" }
    }
    return HTML.table(
      ["", "Rate", "95 % interval", "Errors", "Of", "Substituted", "Deleted", "Inserted"], rows)
      + HTML.element(
        "p",
        "\(tally.wrongUtteranceCount) of \(tally.utteranceCount) utterances have a wrong word. "
          + "The intervals are those of 95 % confidence, by the bootstrap over the utterances. "
          + conditions) + "\n"
  }

  /// How it was scored, in a sentence.
  private var conditions: String {
    let normalization = run.scorer.normalization
    let ignored = [
      (normalization.ignoreCase, "case is ignored"),
      (normalization.ignorePunctuation, "punctuation is ignored"),
      (normalization.splitHyphens, "words are split at hyphens"),
      (normalization.optionalWords, "words in parentheses are optional"),
      (normalization.fragments, "fragments match"),
      (normalization.alternatives, "alternatives are allowed"),
      (!normalization.rules.isEmpty, "\(normalization.rules.count) rules replace words"),
    ].filter(\.0).map(\.1)
    let method =
      run.scorer.method == .levenshtein ? "with the fewest errors" : "with sclite's weights"
    return "Aligned \(method); "
      + (ignored.isEmpty ? "every difference counts." : ignored.joined(separator: ", ") + ".")
  }

  private var speakers: String {
    guard run.lines.contains(where: { $0.utterance.speaker != nil }) else { return "" }
    let table = SpeakerTable(run.utterances)
    func row(_ name: String, _ values: [Double], _ sizes: Int) -> [String] {
      [name]
        + values.enumerated().map { index, value in value.fixed(index < 2 ? sizes : 1) }
    }
    let spread = table.spread(.percent)
    let rows =
      table.rows.map { row($0.speaker, $0.values(.percent), 0) }
      + [
        row("All", table.total.values(.percent), 0), row("Mean", spread.map(\.mean), 1),
        row("Deviation", spread.map(\.deviation), 1), row("Median", spread.map(\.median), 1),
      ]
    return "<h2>Speakers</h2>\n"
      + HTML.table(
        [
          "Speaker", "Utterances", run.unit == .words ? "Words" : "Characters", "Correct %",
          "Sub. %", "Del. %", "Ins. %",
          "Errors %", "Utterances %",
        ], rows)
  }

  private var errors: String {
    let lists = ErrorLists(run.utterances)
    guard top > 0 else { return "" }
    var html = ""
    if !lists.confusions.isEmpty {
      html +=
        "<h2>Confusions</h2>\n"
        + HTML.table(
          ["Reference", "Hypothesis", "Times"],
          lists.confusions.prefix(top).map {
            [shown($0.reference), shown($0.hypothesis), "\($0.count)"]
          },
          labels: 2)
    }
    for (name, words) in [("Deleted", lists.deletions), ("Inserted", lists.insertions)]
    where !words.isEmpty {
      html +=
        HTML.element("h2", name) + "\n"
        + HTML.table(
          [run.unit == .words ? "Word" : "Character", "Times"],
          words.prefix(top).map { [shown($0.word), "\($0.count)"] })
    }
    return html
  }

  /// A space is a character too, where characters are aligned.
  private func shown(_ word: String) -> String { word == " " ? "\u{2423}" : word }

  private var worstLines: String {
    let lines = run.worst(worst)
    guard !lines.isEmpty else { return "<p>Nothing is wrong.</p>\n" }
    return
      "<h2>The worst utterances</h2>\n<p>What the reference has and the hypothesis lacks is "
      + "<del>struck</del>, what the hypothesis has instead or besides is <ins>underlined</ins>.</p>\n"
      + lines.map(section).joined()
  }

  private func section(_ line: ScoredRun.Line) -> String {
    let rates = "CER \(line.characters.rate.percent), WER \(line.words.rate.percent)"
    let speaker = line.utterance.speaker.map { ", \($0)" } ?? ""
    return """
      <section>
      \(HTML.element("h3", line.utterance.id))
      \(HTML.element("p", "\(line.place)\(speaker): \(rates)", class: "place"))
      \(picture(line))<p class="text" dir="auto">\(words(line.utterance))</p>
      </section>

      """
  }

  private func picture(_ line: ScoredRun.Line) -> String {
    guard let pictures, let sample = line.sample else { return "" }
    do {
      let data = Data(try pictures.png(of: sample)).base64EncodedString()
      let name = HTML.escaped("Picture of \(line.utterance.id)")
      return "<p><img alt=\"\(name)\" src=\"data:image/png;base64,\(data)\"></p>\n"
    } catch {
      return HTML.element("p", "No picture: \(error)", class: "place") + "\n"
    }
  }

  private func words(_ utterance: ScoredUtterance) -> String {
    utterance.alignment.map { word in
      guard word.verdict != .correct else {
        let text = shown(word.hypothesis ?? word.reference ?? "")
        return HTML.element("span", text, class: word.hypothesis == nil ? "optional" : nil)
      }
      return (word.reference.map { HTML.element("del", shown($0)) } ?? "")
        + (word.hypothesis.map { HTML.element("ins", shown($0)) } ?? "")
    }.joined(separator: run.unit == .words ? " " : "")
  }

  private static let style = """
    body { font: 16px/1.5 system-ui, sans-serif; color: #22272e; max-width: 70em; margin: 2em auto;
      padding: 0 1em; }
    table { border-collapse: collapse; }
    th, td { padding: .2em .8em; text-align: left; border-bottom: 1px solid #e4e7eb; }
    .n { text-align: right; font-variant-numeric: tabular-nums; }
    section { border-top: 1px solid #aeb5bd; margin-top: 1.5em; }
    img { max-width: 100%; max-height: 32em; }
    .place { color: #6b7480; font-size: .9em; }
    .text { font-size: 1.2em; overflow-wrap: anywhere; }
    .optional { color: #6b7480; }
    del { color: #a3210f; background: #fbe9e6; }
    ins { color: #14532d; background: #e3f5e8; }
    """
}

/// A page cannot be written.
struct ScoringPageError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "\(path): cannot write the page: \(reason)" }
}
