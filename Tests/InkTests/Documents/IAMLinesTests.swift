import Ink
import Testing

@Suite struct IAMLinesTests {
  @Test func rowsAreRead() throws {
    let text = """
      #--- lines.txt ---
      # comment
      a01-000u-00 ok 154 19 408 746 1661 89 A|word|to|all|Mr.|Smith|,|who|"|came|"|.
      z07-123ax-05 err 190 24 -1 -1 -1 -1 MORE|#|text

      """
    let lines = try IAMLinesFile.read(text: text, name: "lines.txt")
    #expect(lines.count == 2)
    #expect(lines[0].id == "a01-000u-00" && lines[0].isSegmented)
    #expect(lines[0].box == PageBox(x: 408, y: 746, width: 1661, height: 89))
    #expect(lines[0].text == #"A word to all Mr. Smith , who " came " ."#)
    #expect(lines[0].imagePath == "a01/a01-000u/a01-000u-00.png")
    #expect(!lines[1].isSegmented && lines[1].box == nil && lines[1].text == "MORE # text")
    #expect(lines[1].imagePath == "z07/z07-123ax/z07-123ax-05.png")
  }

  @Test func otherRowsAreRefusedWithTheirNumber() {
    let wrong = [
      "a01-000u-00 ok 154 19 408 746 1661 89", "a01-000u-00 yes 154 19 408 746 1661 89 A",
      "a01-000u-00 ok x 19 408 746 1661 89 A", "a01 ok 154 19 408 746 1661 89 A",
      "../../etc-x-00 ok 154 19 408 746 1661 89 A", "a01--00 ok 154 19 408 746 1661 89 A",
      "a01-000u-00 ok 154 19 408 746 9223372036854775807 89 A", "text",
    ]
    for row in wrong {
      #expect(
        throws: DocumentError.invalid(
          file: "l.txt", line: 2, found: "'\(row)'",
          expected: "'id ok|err grey-level components x y width height transcript'")
      ) { try IAMLinesFile.read(text: "#\n\(row)\n", name: "l.txt") }
    }
  }

  @Test func aMissingFileIsNamed() {
    #expect(
      throws: DocumentError.unreadable(
        file: "/no/lines.txt", reason: "No such file or directory")
    ) { try IAMLinesFile.read("/no/lines.txt") }
  }
}
