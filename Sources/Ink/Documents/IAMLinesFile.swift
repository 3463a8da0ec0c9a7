import Files

/// A line of `lines.txt`, which comes with the IAM handwriting database.
public struct IAMLine: Sendable, Equatable {
  /// The form, and the number of the line on it, as in `a01-000u-00`.
  public var id: String
  /// Whether the segmentation into words is right (`ok`) or not (`err`).
  public var isSegmented: Bool
  /// Where the line is on the form; nil where the file says -1.
  public var box: PageBox?
  /// The transcript, a space for each `|`; punctuation stands apart as in the file.
  public var text: String

  /// The line's image in the database's folders, as in `a01/a01-000u/a01-000u-00.png`.
  public var imagePath: String {
    let parts = id.split(separator: "-")
    return "\(parts[0])/\(parts.dropLast().joined(separator: "-"))/\(id).png"
  }
}

/// Reads `lines.txt`, the transcripts of the IAM handwriting database.
///
/// A row is `id status grey-level components x y width height transcript`; rows that begin with `#`
/// are comments.
public enum IAMLinesFile {
  /// Reads all lines.
  ///
  /// - Throws: `DocumentError` for the first row that is not of that form.
  public static func read(_ path: String) throws(DocumentError) -> [IAMLine] {
    let text: String
    do throws(TextFile.Failure) {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    return try read(text: text, name: path)
  }

  /// Reads the lines of a text, as if it came from the file `name`.
  public static func read(text: String, name: String) throws(DocumentError) -> [IAMLine] {
    var lines: [IAMLine] = []
    let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, row) in rows.enumerated() {
      guard !row.hasPrefix("#"), row.contains(where: { !$0.isWhitespace }) else { continue }
      guard let line = line(row) else {
        throw .invalid(
          file: name, line: number + 1, found: "'\(row.prefix(80))'",
          expected: "'id ok|err grey-level components x y width height transcript'")
      }
      lines.append(line)
    }
    return lines
  }

  private static func line(_ row: Substring) -> IAMLine? {
    let fields = row.split(separator: " ", maxSplits: 8)
    guard fields.count == 9, fields[1] == "ok" || fields[1] == "err",
      fields[0].split(separator: "-", omittingEmptySubsequences: false).count >= 3,
      fields[0].split(separator: "-", omittingEmptySubsequences: false).allSatisfy(isNamePart)
    else { return nil }
    let numbers = fields[2..<8].compactMap { Int($0) }
    guard numbers.count == 6, numbers.allSatisfy({ abs($0) <= Int(PagePoint.limit) }) else {
      return nil
    }
    let isPlaced = numbers[4] > 0 && numbers[5] > 0
    let box = PageBox(
      x: numbers[2], y: numbers[3], width: max(0, numbers[4]), height: max(0, numbers[5]))
    let text = fields[8].map { $0 == "|" ? " " : $0 }
    return IAMLine(
      id: String(fields[0]), isSegmented: fields[1] == "ok", box: isPlaced ? box : nil,
      text: String(text))
  }

  /// The parts of an id become names of folders: nothing but letters and digits.
  private static func isNamePart(_ part: Substring) -> Bool {
    !part.isEmpty
      && part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
  }
}
