import Sequences
import TestSupport
import Testing

@Suite struct DataFileTests {
  @Test func labelledTexts() throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file("\u{FEFF}en\ta dog\r\nde\tein Hund\n", in: folder)
    #expect(
      try LabelledTextFile.read(path) == [
        ClassifiedSequence(.text("a dog"), label: "en"),
        ClassifiedSequence(.text("ein Hund"), label: "de"),
      ])
  }

  @Test(arguments: [
    ("en\ta\nno tab\n", 2, "'no tab' without a tab"), ("en\ta\tb\n", 1, "2 tabs"),
    ("\ttext\n", 1, "no label"), ("en\t \n", 1, "no text"), ("en\ta\n\nen\tb\n", 2, "'' without"),
  ])
  func brokenLabelledTexts(text: String, line: Int, found: String) throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file(text, in: folder)
    let error = try #require(throws: SequencesError.self) { try LabelledTextFile.read(path) }
    #expect(error.description.hasPrefix("\(path):\(line): found \(found)"), "\(error)")
  }

  @Test func taggedTokens() throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file("a\tX\nb\tY\n\n\nc\tX\n", in: folder)
    #expect(
      try TaggedFile.read(path) == [
        LabelledSequence(.tokens(["a", "b"]), labels: ["X", "Y"]),
        LabelledSequence(.tokens(["c"]), labels: ["X"]),
      ])
  }

  @Test(arguments: ["a\tX\nb\n", "a\tX\nb\tY\tZ\n", "a\tX\n\tY\n", "a\tX\nb\t\n"])
  func brokenTaggedTokens(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file(text, in: folder)
    let error = try #require(throws: SequencesError.self) { try TaggedFile.read(path) }
    #expect(error.description.hasPrefix("\(path):2: found "), "\(error)")
  }

  @Test func numberSequences() throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file(
      "sequence,label,x,y\n1,up,1,2.5\n1,up,-3e1,4\n2,down,0,0\n", in: folder)
    let file = try NumberSequenceFile(reading: path)
    #expect(file.features == ["x", "y"])
    #expect(
      try file.classified() == [
        ClassifiedSequence(.rows([[1, 2.5], [-30, 4]]), label: "up"),
        ClassifiedSequence(.rows([[0, 0]]), label: "down"),
      ])
  }

  @Test(arguments: [
    ("label,x\n", 1, "'label,x'"), ("sequence,label\n", 1, "'sequence,label'"),
    ("sequence,label,x\n1,a,1,2\n", 2, "4 fields"), ("sequence,label,x\n1,a,b\n", 2, "'b'"),
    ("sequence,label,x\n1,a,nan\n", 2, "'nan'"), ("sequence,label,x\n1,,2\n", 2, "an empty field"),
    ("sequence,label,x\n1,a,1\n2,a,1\n1,a,1\n", 4, "sequence '1' again"),
  ])
  func brokenNumberSequences(text: String, line: Int, found: String) throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file(text, in: folder)
    let error = try #require(throws: SequencesError.self) {
      try NumberSequenceFile(reading: path)
    }
    #expect(error.description.hasPrefix("\(path):\(line): found \(found)"), "\(error)")
  }

  @Test func aSequenceOfTwoClasses() throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file("sequence,label,x\n1,a,1\n1,b,1\n", in: folder)
    let file = try NumberSequenceFile(reading: path)
    #expect(file.sequences[0].labels == ["a", "b"])
    let error = try #require(throws: SequencesError.self) { try file.classified() }
    #expect(error.description.hasPrefix("\(path):3: found the label 'b'"), "\(error)")
  }

  @Test func nothingIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try Examples.file("\n", in: folder)
    #expect(throws: SequencesError.self) { try TaggedFile.read(path) }
    #expect(throws: SequencesError.self) { try TokenStream.lines(of: path) }
    let empty = try Examples.file("", in: folder)
    #expect(
      throws: SequencesError.empty(
        file: empty, expected: "lines of a label, a tab and a text")
    ) { try LabelledTextFile.read(empty) }
    #expect(throws: SequencesError.self) { try NumberSequenceFile(reading: empty) }
    let error = try #require(throws: SequencesError.self) {
      try LabelledTextFile.read(folder.path + "/missing")
    }
    #expect(error.description.hasPrefix(folder.path + "/missing: "))
  }
}
