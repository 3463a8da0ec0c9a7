import Files
import Foundation

/// The lines that `scribe-bench` and the programs under `bench/` have written.
package struct ResultsFile: Equatable, Sendable {
  /// The machine, where a line names it; the last one counts.
  package var machine: MachineRecord?
  /// The records in the order of the file.
  package var records: [BenchmarkRecord]

  /// Reads a file of one JSON object a line; empty lines are skipped.
  ///
  /// - Throws: `BenchmarkError` naming the file and the line.
  package init(contentsOf path: String) throws(BenchmarkError) {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .file(reason: "\(path): \(error.reason)")
    }
    try self.init(text, name: path)
  }

  /// Reads the text of a file that errors call `name`.
  package init(_ text: String, name: String) throws(BenchmarkError) {
    records = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      switch try Self.line(line, file: name, number: index + 1) {
      case .machine(let machine): self.machine = machine
      case .record(let record): records.append(record)
      }
    }
    guard !records.isEmpty else { throw .empty(file: name) }
  }

  /// A record as the line that ``init(contentsOf:)`` reads, without its end.
  package static func line(_ record: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  private static func line(
    _ text: Substring, file: String, number: Int
  ) throws(BenchmarkError) -> Line {
    do {
      let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
      if case .record(let record) = line, let reason = record.defect {
        throw BenchmarkError.invalidLine(file: file, line: number, reason: reason)
      }
      return line
    } catch let error as BenchmarkError {
      throw error
    } catch {
      throw .invalidLine(file: file, line: number, reason: reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no '\(key.stringValue)'"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
    default: "not a JSON object"
    }
  }
}

/// A line is about the machine or about a piece of work.
private enum Line: Decodable {
  case machine(MachineRecord)
  case record(BenchmarkRecord)

  private enum Keys: CodingKey { case machine }

  init(from decoder: any Decoder) throws {
    let isMachine = try decoder.container(keyedBy: Keys.self).contains(.machine)
    self = isMachine ? .machine(try .init(from: decoder)) : .record(try .init(from: decoder))
  }
}

extension BenchmarkRecord {
  /// What makes a record useless, if anything.
  fileprivate var defect: String? {
    let times = [
      minimumMilliseconds, lowerQuartileMilliseconds, medianMilliseconds,
      upperQuartileMilliseconds, maximumMilliseconds,
    ]
    guard times[0] > 0, zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      return "times \(times) ms of '\(benchmark)', which should be above 0 and ascend"
    }
    guard threads > 0 else { return "\(threads) threads" }
    return nil
  }
}
