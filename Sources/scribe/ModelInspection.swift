import ModelFiles
import Recognition
import Tensors

/// What a model file consists of, as its header tells it.
struct ModelInspection {
  private let path: String
  private let header: SafetensorsHeader

  /// Whether a file is taken for a model, by its name.
  static func isModel(_ file: String) -> Bool { file.hasSuffix(".safetensors") }

  /// Reads the header of a file.
  init(reading path: String) throws(CheckpointError) {
    self.path = path
    header = try SafetensorsHeader(reading: path)
  }

  /// The tensors in a table, and their sum.
  var text: String {
    let scaleNames = header.scaleNames
    let scaleSizes = Dictionary(
      header.entries.lazy.filter { scaleNames.contains($0.name) }.map { ($0.name, $0.range.count) }
    ) { first, _ in first }
    var table = Table(["TENSOR", "TYPE", "SHAPE", "BYTES"], numeric: [3])
    var count = 0
    for entry in header.entries where !scaleNames.contains(entry.name) {
      let scales = scaleSizes[SafetensorsHeader.scales(of: entry.name)] ?? 0
      let ofScales = entry.type == .int8 ? scales : 0
      count += entry.shape.count
      table.add([
        entry.name.printable, "\(entry.type)", "\(entry.shape)", "\(entry.range.count + ofScales)",
      ])
    }
    let kind = header.metadata[ModelFile.Key.kind.rawValue].map { " of kind \($0)" } ?? ""
    return """
      \(path.printable): a model\(kind.printable), \(count) values, mostly \(header.mainType), \
      \(header.fileSize.megabytes)\(note)

      \(table.text)
      """
  }

  private var note: String {
    header.scaleNames.isEmpty ? "" : "\nThe bytes of int8 tensors contain a scale for each row."
  }
}
