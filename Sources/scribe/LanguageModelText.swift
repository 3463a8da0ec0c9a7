import Decoding
import Files
import Foundation
import Recognition
import Training

/// Text for a language model, from text files and from the transcripts of manifests, written as a
/// model writes its transcripts.
struct LanguageModelText {
  /// The model whose transcripts the text is to resemble; nil leaves it as it is.
  let recognizer: Recognizer?
  /// Lines that have letters or digits which the model cannot write; they are left out.
  private(set) var foreignLines = 0
  private var text = ""

  init(for recognizer: Recognizer?) { self.recognizer = recognizer }

  /// Whether a path is read as a manifest: JSON lines, CSV, or a folder.
  static func isManifest(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return isFolder.boolValue || [".jsonl", ".csv"].contains { path.hasSuffix($0) }
  }

  /// Adds the lines of a text file, or the transcripts of a manifest.
  mutating func add(_ path: String) throws {
    if Self.isManifest(path) {
      for sample in try Manifest.read(path) { add(line: sample.text) }
    } else {
      do throws(TextFile.Failure) {
        for line in try TextFile.read(path).split(whereSeparator: \.isNewline) {
          add(line: String(line))
        }
      } catch {
        throw DecodingError.unreadable(file: path, reason: error.reason)
      }
    }
  }

  /// Runs `body` with a file that holds the text, and removes the file.
  func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let name = "scribe-text-\(UUID().uuidString).txt"
    let path = FileManager.default.temporaryDirectory.appending(path: name).path
    try AtomicFile.write(Array(text.utf8), to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private mutating func add(line: String) {
    guard let recognizer else {
      text += line.replacing("\n", with: " ") + "\n"
      return
    }
    guard let written = Self.written(line, by: recognizer) else {
      foreignLines += 1
      return
    }
    if !written.isEmpty { text += written + "\n" }
  }

  /// The line with blanks where the model cannot write a mark; nil if it lacks a letter or a digit.
  private static func written(_ line: String, by recognizer: Recognizer) -> String? {
    let normalization = recognizer.configuration.text
    var written = ""
    for character in normalization(line) {
      if recognizer.alphabet.label(of: character) != nil {
        written.append(character)
      } else if character.isLetter || character.isNumber {
        return nil
      } else {
        written.append(" ")
      }
    }
    return written.split(separator: " ").joined(separator: " ")
  }
}
