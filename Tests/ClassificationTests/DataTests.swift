import Classification
import Configuration
import Foundation
import Ink
import Tables
import Tensors
import Testing

/// An IDX file of bytes.
private func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(dimensions.count)]
    + dimensions.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 255) } } + bytes
}

@Suite struct DataTests {
  private let folder: TemporaryFolder
  private let pictures = PictureFormat()

  init() throws { folder = try TemporaryFolder() }

  private func source(_ edit: (inout ExampleSource) -> Void) -> ExampleSource {
    var source = ExampleSource()
    edit(&source)
    return source
  }

  private func error(_ body: () throws -> Void) -> ClassificationError? {
    #expect(throws: ClassificationError.self) { try body() }
  }

  @Test func tablesOfFeaturesAndAClass() throws {
    let path = try folder.write("a.csv", "x,kind,y\n1,b,2\n3,a,4\n5,b,6\n")
    let (examples, reader) = try ExampleReader.training(
      source { ($0.table, $0.label) = (path, "kind") }, pictures: pictures)
    #expect(reader.input.columns == ["x", "y"] && reader.input.classes == ["a", "b"])
    #expect(examples.labels == [1, 0, 1])
    #expect(examples.features(0..<3) == Tensor(rows: [[1, 2], [3, 4], [5, 6]]))
    #expect(examples.place(1) == "\(path):3")
    // Other files may have their columns in another order, and no class.
    let other = try folder.write("b.csv", "y,more,x\n8,q,7\n")
    let more = try reader.examples(other)
    #expect(more.features(0..<1) == Tensor(rows: [[7, 8]]) && more.labels.isEmpty)
    let unknown = try folder.write("c.csv", "x,kind,y\n1,a,2\n1,c,2\n")
    #expect(
      error { _ = try reader.labelled(source { ($0.table, $0.label) = (unknown, "kind") }) }
        == .unknownClass(place: "\(unknown):3", found: "c", known: ["a", "b"]))
  }

  @Test func classesThatAreNumbersAreInTheirOrder() throws {
    let path = try folder.write("a.csv", "x,n\n1,10\n2,9\n3,-1\n")
    let (examples, reader) = try ExampleReader.training(
      source { ($0.table, $0.label) = (path, "n") }, pictures: pictures)
    #expect(reader.input.classes == ["-1", "9", "10"] && examples.labels == [2, 1, 0])
  }

  @Test func tablesOfNumbersToPredict() throws {
    let path = try folder.write("a.csv", "x,y,z\n1,2,3\n4,5,6\n")
    let (examples, reader) = try ExampleReader.training(
      source { ($0.table, $0.targets) = (path, ["z", "y"]) }, pictures: pictures)
    #expect(reader.input.isRegression && reader.input.columns == ["x"])
    #expect(examples.targets == [3, 2, 6, 5] && examples.labels.isEmpty)
  }

  @Test func tablesAreRefusedByName() throws {
    let text = try folder.write("a.csv", "x,kind\n1,b\nthree,a\n")
    #expect(
      error {
        _ = try ExampleReader.training(
          source { ($0.table, $0.label) = (text, "kind") }, pictures: pictures)
      } == .table(.notANumber(file: text, line: 3, column: "x", found: "three")))
    let one = try folder.write("b.csv", "x,kind\n1,b\n2,b\n")
    #expect(
      error {
        _ = try ExampleReader.training(
          source { ($0.table, $0.label) = (one, "kind") }, pictures: pictures)
      } == .oneClass(file: one, name: "b"))
    #expect(
      error {
        _ = try ExampleReader.training(
          source { ($0.table, $0.label) = (one, "class") }, pictures: pictures)
      } == .table(.missingColumn(file: one, column: "class", known: ["x", "kind"])))
  }

  @Test func filesOfPictures() throws {
    let images = try folder.write("i", idx([3, 1, 2], [0, 255, 51, 0, 255, 255]))
    let labels = try folder.write("l", idx([3], [7, 0, 7]))
    let (examples, reader) = try ExampleReader.training(
      source { ($0.images, $0.labels) = (images, labels) }, pictures: pictures)
    #expect(reader.input.pictures?.width == 2 && reader.input.pictures?.height == 1)
    #expect(reader.input.classes == ["0", "7"] && examples.labels == [1, 0, 1])
    #expect(examples.features([0, 1]) == Tensor(rows: [[0, 1], [51 * (1 / 255), 0]]))
    #expect(try reader.examples(images).place(2) == "\(images)[2]")
    let few = try folder.write("f", idx([2], [7, 0]))
    let different = error {
      _ = try ExampleReader.training(
        source { ($0.images, $0.labels) = (images, few) }, pictures: pictures)
    }
    #expect(
      different == .differentCounts(images: images, imageCount: 3, labels: few, labelCount: 2))
    #expect(different?.description.hasPrefix("\(images): has 3 pictures, but \(few)") == true)
    #expect(
      error {
        _ = try ExampleReader.training(
          source { ($0.images, $0.labels) = (labels, labels) }, pictures: pictures)
      }
        == .wrongSize(
          file: labels, found: "1 dimensions in the file", expected: "3 (pictures, rows, columns)"))
    let large = try folder.write("g", idx([1, 2, 2], [0, 0, 0, 0]))
    #expect(
      error { _ = try reader.examples(large) }
        == .wrongSize(file: large, found: "2 × 2 pixels", expected: "2 × 1 pixels"))
  }

  @Test func foldersOfPicturesByClass() throws {
    // A dark bar at the left or at the right of light paper.
    for (name, columns) in [("left", 0..<4), ("right", 12..<16)] {
      _ = try folder.folder("set/\(name)")
      for number in 0..<2 {
        var image = GrayImage(width: 16, height: 16)
        for y in 0..<16 { for x in columns { image[x, y] = 0 } }
        try ImageFile.write(image, to: "\(folder.path)/set/\(name)/\(number).png")
      }
    }
    var format = pictures
    (format.width, format.height) = (4, 4)
    let (examples, reader) = try ExampleReader.training(
      source { $0.folder = folder.path + "/set" }, pictures: format)
    #expect(reader.input.classes == ["left", "right"] && examples.labels == [0, 0, 1, 1])
    #expect(examples.features([0]).scalars == (0..<4).flatMap { _ in [1, 0, 0, 0] })
    #expect(examples.place(3) == folder.path + "/set/right/1.png")
    let damaged = try folder.write("set/left/x.png", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3])
    guard
      case .image(let reason) = error({
        _ = try ExampleReader.training(
          source { $0.folder = folder.path + "/set" }, pictures: format)
      })
    else {
      Issue.record("the damaged picture was read")
      return
    }
    #expect("\(reason)".hasPrefix(damaged))
    let empty = try folder.folder("set/none")
    #expect(
      error {
        _ = try ExampleReader.training(
          source { $0.folder = folder.path + "/set" }, pictures: format)
      } == .noPictures(folder: empty))
    #expect(
      error {
        _ = try ExampleReader.training(source { $0.folder = empty }, pictures: format)
      } == .noClasses(folder: empty))
  }

  @Test func inkIsPlacedByItsCentreOfMass() {
    // A small dark square in a corner of a large page comes to the middle, 20 pixels wide.
    var page = GrayImage(width: 200, height: 120)
    for y in 8..<22 { for x in 4..<18 { page[x, y] = 20 } }
    var format = pictures
    format.inkBox = 20
    let pixels = format.pixels(of: page)
    let ink = pixels.indices.filter { pixels[$0] > 127 }
    let (columns, rows) = (ink.map { $0 % 28 }, ink.map { $0 / 28 })
    #expect(columns.min() == rows.min() && columns.max() == rows.max())
    #expect((4...6).contains(columns.min() ?? 0) && (21...23).contains(columns.max() ?? 0))
    #expect(format.pixels(of: page.inverted) == pixels)
    #expect(format.pixels(of: GrayImage(width: 50, height: 50)).allSatisfy { $0 == 0 })
  }

  @Test func examplesAreHeldBack() throws {
    let values = (0..<10).map { Float($0) }
    let examples = Examples(
      .numbers(values), featureCount: 1, places: .lines(file: "a", numbers: Array(2..<12)),
      labels: (0..<10).map { $0 % 2 })
    var split = ExampleSplit()
    split.count = 3
    let last = try split(examples, seed: 1)
    #expect(last.training.features(0..<7).scalars == Array(values[..<7]))
    #expect(last.heldBack?.labels == [1, 0, 1])
    #expect(last.heldBack?.place(0) == "a:9")
    split.atRandom = true
    let (one, other) = (try split(examples, seed: 1), try split(examples, seed: 2))
    let (held, rest) = (try #require(one.heldBack), one.training)
    #expect(
      (held.features(0..<3).scalars + rest.features(0..<7).scalars).sorted() == values)
    #expect(try split(examples, seed: 1).heldBack?.features(0..<3) == held.features(0..<3))
    #expect(other.heldBack?.features(0..<3) != held.features(0..<3))
    split.count = 10
    #expect(
      error { _ = try split(examples, seed: 1) } == .heldBackTooMany(found: 10, count: 10))
  }

  @Test func statisticsStandardize() {
    let statistics = ColumnStatistics(of: [1, 5, 3, 5], columnCount: 2)
    #expect(statistics == ColumnStatistics(mean: [2, 5], deviation: [1, 1]))
    var rows = Tensor(rows: [[1, 5], [4, 7]])
    statistics.standardize(&rows)
    #expect(rows == Tensor(rows: [[-1, 0], [2, 2]]))
    statistics.restore(&rows)
    #expect(rows == Tensor(rows: [[1, 5], [4, 7]]))
  }

  @Test(arguments: [
    "{}", "table: a.csv", "table: a.csv\nlabel: x\ntargets: [y]", "images: a",
    "folder: a\nlabel: x",
    "table: a.csv\nlabel: x\nfolder: b", "folder: a\nlabels: b", "table: a\nlabel: x\nfeatures: []",
  ]) func sourcesAreChecked(yaml: String) {
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(ExampleSource.self, yaml: yaml + "\n", file: "a.yaml")
    }
  }
}
