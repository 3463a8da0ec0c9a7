import Configuration
import Foundation
import Tables
import Testing

@Suite struct TableTests {
  private func table(_ text: String, _ edit: (inout TableFormat) -> Void = { _ in }) throws -> Table
  {
    var format = TableFormat()
    edit(&format)
    return try Table(text: text, name: "t.csv", format: format)
  }

  private func error(_ text: String, _ edit: (inout TableFormat) -> Void = { _ in }) -> TableError?
  {
    #expect(throws: TableError.self) { try table(text, edit) }
  }

  @Test func namedColumnsAreReadAsNumbersAndTexts() throws {
    let table = try table("height,name\n1.5,ada\n-2e3,grace\n")
    #expect(table.columnNames == ["height", "name"])
    #expect(table.rowCount == 2)
    #expect(try table.numbers("height") == [1.5, -2000])
    #expect(try table.strings("name") == ["ada", "grace"])
    #expect(table.lineNumbers == [2, 3])
    #expect(table.hasColumn("name") && !table.hasColumn("weight"))
  }

  @Test(arguments: [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
  func eachDelimiterIsGuessedAndCanBeNamed(delimiter: String, name: String) throws {
    let text = "a\(delimiter)b\n1\(delimiter)2\n"
    #expect(try table(text).numbers("b") == [2])
    #expect(try table(text) { $0.delimiter = .init(rawValue: name)! }.numbers("a") == [1])
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func linesEndInAnyWay(lineEnd: String) throws {
    let table = try table(["x,y", "1,2", "3,", ""].joined(separator: lineEnd))
    #expect(try table.strings("y") == ["2", ""])
    #expect(table.lineNumbers == [2, 3])
  }

  @Test func quotedFieldsHoldDelimitersQuotesAndLineEnds() throws {
    let table = try table("a,\"b, c\"\n\"say \"\"hi\"\"\",\"two\r\nlines\"\nx,y\n")
    #expect(table.columnNames == ["a", "b, c"])
    #expect(try table.strings("a") == ["say \"hi\"", "x"])
    #expect(try table.strings("b, c") == ["two\r\nlines", "y"])
    #expect(table.lineNumbers == [2, 4])
  }

  @Test func lastFieldMayBeEmptyWithoutALineEnd() throws {
    #expect(try table("a,b\n1,").strings("b") == [""])
  }

  @Test func blankLinesAreNoRows() throws {
    let table = try table("\na,b\n\n1,2\n\n\n3,4\n\n")
    #expect(try table.numbers("a") == [1, 3])
    #expect(table.lineNumbers == [4, 7])
  }

  @Test func blankLineInATableOfOneColumnIsAnEmptyField() throws {
    let table = try table("a\n1\n\n3\n\n") { $0.missingValues = [""] }
    #expect(try table.optionalNumbers("a") == [1, nil, 3])
  }

  @Test func withoutAHeaderColumnsAreNumbered() throws {
    let table = try table("5,6\n7,8\n") { $0.hasHeader = false }
    #expect(table.columnNames == ["1", "2"])
    #expect(try table.numbers("2") == [6, 8])
    #expect(table.lineNumbers == [1, 2])
  }

  @Test func raggedRowsAreRefusedWithLineAndCounts() {
    #expect(
      error("a,b\n1,2\n3\n")
        == .raggedRow(file: "t.csv", line: 3, found: 1, expected: 2))
    let long = error("a,b\n\"x\ny\",2\n3,4,5\n")
    #expect(long == .raggedRow(file: "t.csv", line: 4, found: 3, expected: 2))
    #expect(
      long?.description == "t.csv: line 4: found 3 fields, expected 2; repair the row, or put "
        + "fields that hold the delimiter into quotes")
  }

  @Test func textWhereANumberBelongsIsNamed() throws {
    let table = try table("a,b\n1,2\n3,four\n")
    let error = #expect(throws: TableError.self) { try table.numbers("b") }
    #expect(error == .notANumber(file: "t.csv", line: 3, column: "b", found: "four"))
    #expect(
      error?.description == "t.csv: line 3, column 'b': found 'four', expected a number")
  }

  @Test(arguments: ["inf", "-Infinity", "nan", "1e999"])
  func numbersThatAreNotFiniteAreRefused(text: String) throws {
    let table = try table("a,b\n1,\(text)\n")
    #expect(throws: TableError.notFinite(file: "t.csv", line: 2, column: "b", found: text)) {
      try table.numbers("b")
    }
  }

  @Test func missingValuesAreThoseConfigured() throws {
    let text = "a,b\n1,NA\n2,\n3,4\n"
    let strict = try table(text)
    #expect(throws: TableError.notANumber(file: "t.csv", line: 2, column: "b", found: "NA")) {
      try strict.optionalNumbers("b")
    }
    let table = try table(text) { $0.missingValues = ["NA", ""] }
    #expect(try table.optionalNumbers("b") == [nil, nil, 4])
    #expect(throws: TableError.missingValue(file: "t.csv", line: 2, column: "b", found: "NA")) {
      try table.numbers("b")
    }
  }

  @Test func notANumberMayStandForAMissingOne() throws {
    let table = try table("a\nnan\n2\n") { $0.missingValues = ["nan"] }
    #expect(try table.optionalNumbers("a") == [nil, 2])
  }

  @Test func decimalCommas() throws {
    let table = try table("a;b\n3,25;1\n 4,5 ;1.5\n") { $0.decimalComma = true }
    #expect(try table.numbers("a") == [3.25, 4.5])
    #expect(throws: TableError.notANumber(file: "t.csv", line: 3, column: "b", found: "1.5")) {
      try table.numbers("b")
    }
  }

  @Test func spacesAroundANumberDoNotCount() throws {
    #expect(try table("a,b\n 1, 2 \n").numbers("b") == [2])
  }

  @Test func columnsAreFoundByNameOrListed() throws {
    let table = try table("a,b\n1,2\n")
    let error = #expect(throws: TableError.self) { try table.numbers("c") }
    #expect(error == .missingColumn(file: "t.csv", column: "c", known: ["a", "b"]))
    #expect(error?.description == "t.csv: no column 'c'; there are 'a', 'b'")
  }

  @Test func duplicateColumnsAreRefused() {
    #expect(error("\na,b,a\n1,2,3\n") == .duplicateColumn(file: "t.csv", line: 2, column: "a"))
  }

  @Test func nothingToReadIsRefused() {
    #expect(error("") == .empty(file: "t.csv"))
    #expect(error("\n\n") == .empty(file: "t.csv"))
    #expect(error("a,b\n") == .noRows(file: "t.csv"))
  }

  @Test func openQuotesAreNamedByLine() {
    #expect(
      error("a,b\n1,2\n\"3,4\n5,6\n")
        == .quotation(file: "t.csv", line: 3, reason: "a quote that is never closed"))
    #expect(
      error("a,b\n1,2\n3,x\"y\n")
        == .quotation(file: "t.csv", line: 3, reason: "a quote inside a field"))
    #expect(
      error("a,b\n\"1\"x,2\n")
        == .quotation(file: "t.csv", line: 2, reason: "a quote inside a field"))
  }

  @Test func byteOrderMarkIsNoPartOfTheFirstName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("bom.csv", [0xEF, 0xBB, 0xBF] + Array("a,b\r\n1,2\r\n".utf8))
    let table = try Table(reading: path)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.path == path)
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x61, 0], [0x61, 0, 0x0A, 0]] {
      let path = try folder.write("no.csv", bytes)
      #expect(
        throws: TableError.notText(file: path, reason: "not UTF-8 text; save the table as UTF-8")
      ) { try Table(reading: path) }
    }
    let missing = folder.path + "/none.csv"
    #expect(throws: TableError.file(.notFound(path: missing))) { try Table(reading: missing) }
    #expect(throws: TableError.file(.isFolder(path: folder.path))) {
      try Table(reading: folder.path)
    }
  }

  @Test func formatsAreStrict() throws {
    let format = try ConfigurationFile.decode(
      TableFormat.self, yaml: "delimiter: tab\nmissingValues: [NA, '']\n", file: "c.yaml")
    #expect(format.delimiter == .tab && format.missingValues == ["NA", ""])
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(TableFormat.self, yaml: "separator: tab\n", file: "c.yaml")
    }
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(
        TableFormat.self, yaml: "delimiter: comma\ndecimalComma: true\n", file: "c.yaml")
    }
  }
}
