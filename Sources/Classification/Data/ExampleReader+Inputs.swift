import Files
import Ink
import Tables

extension ExampleReader {
  /// Reads examples without classes: a table, an IDX file of pictures, or a picture.
  ///
  /// What a file is, is told from the model: a model of tables reads tables. Pictures are told from
  /// IDX files by their first bytes.
  ///
  /// - Throws: ``ClassificationError``.
  public func examples(_ path: String) throws(ClassificationError) -> Examples {
    if input.pictures == nil { return try rows(table(path, input.format)) }
    if try Self.isIDX(path) { return try images(IDXImages(path)) }
    return try pictures([path])
  }

  /// Whether a file begins like an IDX file, or like gzip, which only IDX files are compressed by.
  static func isIDX(_ path: String) throws(ClassificationError) -> Bool {
    var start = [UInt8](repeating: 255, count: 2)
    do throws(FileError) {
      let file = try InputFile(path)
      _ = try start.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch {
      throw .folder(error)
    }
    return start == [0, 0] || start == [0x1F, 0x8B]
  }

  func table(_ path: String, _ format: TableFormat) throws(ClassificationError) -> Table {
    guard input.pictures == nil else {
      throw .wrongInput(file: path, found: "a table", expected: input.words)
    }
    return try readingTable { () throws(TableError) in try Table(reading: path, format: format) }
  }

  /// The rows of a table that has the model's columns.
  public func rows(_ table: Table) throws(ClassificationError) -> Examples {
    Examples(
      .numbers(try numbers(table, input.columns)), featureCount: input.columns.count,
      places: .lines(file: table.path, numbers: table.lineNumbers))
  }

  /// The numbers of some columns, row after row.
  func numbers(_ table: Table, _ columns: [String]) throws(ClassificationError) -> [Float] {
    var values = [Float](repeating: 0, count: table.rowCount * columns.count)
    for (index, name) in columns.enumerated() {
      let numbers = try readingTable { () throws(TableError) in try table.numbers(name) }
      for (row, number) in numbers.enumerated() {
        values[row * columns.count + index] = Float(number)
      }
    }
    return values
  }

  /// The pictures of an IDX file, which must have the model's size.
  func images(_ file: IDXImages) throws(ClassificationError) -> Examples {
    guard let format = input.pictures else {
      throw .wrongInput(file: file.path, found: "an IDX file", expected: input.words)
    }
    guard file.width == format.width, file.height == format.height else {
      throw .wrongSize(
        file: file.path, found: "\(file.width) × \(file.height) pixels", expected: format.size)
    }
    return Examples(
      .pixels(file.pixels), featureCount: format.pixelCount,
      places: .items(file: file.path, indices: Array(0..<file.count)))
  }

  /// Picture files in the model's format.
  func pictures(_ paths: [String]) throws(ClassificationError) -> Examples {
    guard let format = input.pictures else {
      throw .wrongInput(file: paths.first ?? "", found: "a picture", expected: input.words)
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(paths.count * format.pixelCount)
    for path in paths { pixels += try format.pixels(reading: path) }
    return Examples(.pixels(pixels), featureCount: format.pixelCount, places: .files(paths))
  }
}

/// The pictures of an IDX file.
struct IDXImages {
  let path: String
  let count: Int
  let width: Int
  let height: Int
  /// 255 for ink, as MNIST has it.
  let pixels: [UInt8]

  init(_ path: String) throws(ClassificationError) {
    let file = try readingImages { () throws(ImageError) in try IDXFile(path) }
    guard file.dimensions.count == 3 else {
      throw .wrongSize(
        file: path, found: "\(file.dimensions.count) dimensions in the file",
        expected: "3 (pictures, rows, columns)")
    }
    self.path = path
    (count, height, width) = (file.dimensions[0], file.dimensions[1], file.dimensions[2])
    pixels = file.bytes
  }

  /// The labels of so many pictures, as texts.
  static func labels(
    _ path: String, of images: String, _ count: Int
  ) throws(ClassificationError) -> [String] {
    let labels = try readingImages { () throws(ImageError) in try IDXFile(path).labels() }
    guard labels.count == count else {
      throw .differentCounts(
        images: images, imageCount: count, labels: path, labelCount: labels.count)
    }
    return labels.map { String($0) }
  }
}
