/// The lines of an ARPA file, cut into fields.
struct ARPALines: ~Copyable {
  private var reader: LineReader
  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The fields of the line that was read last.
  private(set) var fields: [UnsafeRawBufferPointer] = []

  init(_ path: String) throws(NGramError) {
    reader = try LineReader.opening(path)
  }

  /// The number of the line that was read last.
  var line: Int { reader.line }

  /// Reads the next line; false at the end of the file.
  mutating func next() throws(NGramError) -> Bool {
    do throws(LineReader.Failure) {
      guard let line = try reader.next() else {
        fields = []
        return false
      }
      bytes = line
    } catch {
      switch error {
      case .file(let error): throw .file(error)
      case .tooLong: throw .arpa(file: reader.path, line: reader.line + 1, .tooLong)
      }
    }
    split()
    return true
  }

  private mutating func split() {
    fields.removeAll(keepingCapacity: true)
    var start = 0
    for position in 0...bytes.count
    where position == bytes.count || bytes[position] == 32 || bytes[position] == 9 {
      if position > start {
        fields.append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      }
      start = position + 1
    }
  }

  /// Whether the line is the title of a section, or the end: no log-probability begins so.
  var isTitle: Bool { fields.first?.first == UInt8(ascii: "\\") }

  /// The line without blanks around it, shortened for messages.
  var text: String {
    guard let first = fields.first?.baseAddress, let last = fields.last, let end = last.baseAddress
    else { return "" }
    let line = UnsafeRawBufferPointer(start: first, count: end - first + last.count)
    return Self.text(line.prefix(200))
  }

  /// A field as text.
  static func text(_ field: some Sequence<UInt8>) -> String {
    String(decoding: Array(field), as: UTF8.self)
  }

  /// The fields of a range as text.
  func words(_ range: Range<Int>) -> String {
    fields[range].map { Self.text($0) }.joined(separator: " ")
  }

  /// An error about the line that was read last.
  borrowing func problem(_ problem: ARPAProblem) -> NGramError {
    .arpa(file: reader.path, line: reader.line, problem)
  }

  /// An error about another line.
  borrowing func problem(_ problem: ARPAProblem, line: Int) -> NGramError {
    .arpa(file: reader.path, line: line, problem)
  }
}
