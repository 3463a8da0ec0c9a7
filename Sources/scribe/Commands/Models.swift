import ArgumentParser
import ModelFiles
import Recognition

/// `scribe models`: what can be given to `--model`.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models that are found by name.",
    discussion: """
      Models are the .safetensors files in the folders of SCRIBE_MODELS (separated by colons), \
      in 'models' beside or above the program, in 'share/scribe/models' of its installation, and \
      in 'models' of the working folder.
      """)

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() throws {
    let catalog = ModelCatalog()
    let (models, unreadable) = catalog.list()
    var failure = FirstFailure()
    try Console.write(json ? JSON.line(models.map(ModelRow.init)) : Self.table(models))
    for model in unreadable { failure.record(model.error) }
    if models.isEmpty, unreadable.isEmpty {
      let searched = catalog.folders.joined(separator: ", ")
      Console.note(
        "no model was found" + (searched.isEmpty ? "" : " in \(searched)")
          + "; set SCRIBE_MODELS to a folder of .safetensors files")
    }
    try failure.check()
  }

  private static func table(_ models: [ModelCatalog.Entry]) -> String {
    guard !models.isEmpty else { return "" }
    var table = Table(["NAME", "KIND", "SIZE", "WEIGHTS", "LANGUAGES", "RECIPE"], numeric: [2])
    for model in models {
      table.add([
        model.name, model.kind, model.size.megabytes, "\(model.elementType)",
        model.languages.joined(separator: ", "),
        model.recipe ?? "",
      ])
    }
    return table.text + models.map(details).joined()
  }

  private static func details(_ model: ModelCatalog.Entry) -> String {
    var lines = ["", "\(model.name): \(model.summary ?? "no summary")", "  \(model.path)"]
    for error in model.errors {
      let rates = [
        error.wordErrorRate.map { "WER \($0.percent)" },
        error.characterErrorRate.map { "CER \($0.percent)" },
        error.errorRate.map { "error \($0.percent)" }, error.bleu.map { "BLEU \($0.fixed(2))" },
      ].compactMap(\.self).joined(separator: ", ")
      lines.append("  \(rates) on \(error.data)" + (error.count.map { " (\($0) samples)" } ?? ""))
    }
    return lines.map { $0.printable + "\n" }.joined()
  }
}

/// A model as JSON.
private struct ModelRow: Encodable {
  var name: String
  var path: String
  var kind: String
  var size: Int
  var weights: String
  var languages: [String]
  var summary: String?
  var recipe: String?
  var errors: [MeasuredError]

  init(_ entry: ModelCatalog.Entry) {
    (name, path, kind, size) = (entry.name, entry.path, entry.kind, entry.size)
    weights = "\(entry.elementType)"
    (languages, summary, recipe) = (entry.languages, entry.summary, entry.recipe)
    errors = entry.errors
  }
}
