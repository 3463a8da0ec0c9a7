import Configuration
import Forecasting
import Foundation
import Layers
import Tables
import Tensors
import Testing

/// A table of CSV text that errors call `x.csv`.
func seriesTable(
  _ text: String, _ yaml: String
) throws -> SeriesTable {
  let configuration: SeriesConfiguration = try ConfigurationFile.decode(yaml: yaml, file: "recipe")
  return try SeriesTable(
    Table(text: text, name: "x.csv", format: configuration.tableFormat), configuration)
}

func forecasterConfiguration(_ yaml: String) throws -> ForecasterConfiguration {
  try ConfigurationFile.decode(yaml: yaml, file: "recipe")
}

/// A forecaster over a table, with random weights of its own.
func forecaster(
  _ table: SeriesTable, _ configuration: ForecasterConfiguration, seed: UInt64 = 1
) throws -> (Forecaster, [SeriesParts]) {
  let parts = try table.series.map { try table.parts(of: $0, configuration.split) }
  let statistics = ForecasterStatistics(
    table, trainingParts: parts.map(\.train), configuration: configuration)
  var random = RandomSource(seed: seed)
  return (Forecaster(configuration, statistics: statistics, random: &random), parts)
}

extension Module {
  /// Every weight drawn anew, those too that begin at zero.
  mutating func redraw(_ seed: UInt64 = 9) {
    var random = RandomSource(seed: seed)
    visitParameters { _, parameter in
      parameter.value = Tensor(
        random.normals(parameter.value.count).map { $0 * 0.4 }, shape: parameter.shape)
    }
  }
}

/// Numbers of `References/forecasting.json`, made by `References/make_references.py`.
struct Reference {
  private struct Entry: Decodable {
    var shape: [Int]
    var values: [Double]
  }

  private enum Item: Decodable {
    case entry(Entry)
    case group([String: Entry])

    init(from decoder: any Decoder) throws {
      if let entry = try? Entry(from: decoder) {
        self = .entry(entry)
      } else {
        self = .group(try [String: Entry](from: decoder))
      }
    }
  }

  private struct Missing: Error { var name: String }

  private let items: [String: Item]

  init() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "forecasting", withExtension: "json", subdirectory: "References"))
    items = try JSONDecoder().decode([String: Item].self, from: Data(contentsOf: url))
  }

  func values(_ name: String) throws -> [Double] {
    guard case .entry(let entry)? = items[name] else { throw Missing(name: name) }
    return entry.values
  }

  /// Sets the parameters of a module, all of them.
  func load(_ name: String, into module: inout some Module) throws {
    guard case .group(let group)? = items[name] else { throw Missing(name: name) }
    var missing = Set(group.keys)
    module.visitParameters { path, parameter in
      guard let entry = group[path], entry.shape == parameter.shape.extents else {
        Issue.record("\(path) \(parameter.shape) is not in the reference")
        return
      }
      missing.remove(path)
      parameter.value = Tensor(entry.values.map { Float($0) }, shape: parameter.shape)
    }
    #expect(missing.isEmpty)
  }
}

func expectClose(
  _ found: [Double], _ expected: [Double], _ tolerance: Double, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(comment)", sourceLocation: sourceLocation)
  for (index, (a, b)) in zip(found, expected).enumerated() where !(abs(a - b) <= tolerance) {
    Issue.record(
      "\(comment)[\(index)]: got \(a), expected \(b) ± \(tolerance)", sourceLocation: sourceLocation
    )
    return
  }
}
