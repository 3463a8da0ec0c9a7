import Foundation
import Pictures
import Testing

private let picture = LineChart(
  title: "t", xTitle: "x", left: .init("y"), series: [.init("s", x: [0, 1], y: [0, 1])])

private func failure(_ path: String) -> String {
  do {
    try picture.write(to: path)
    return "written"
  } catch {
    return error.description
  }
}

@Suite struct PictureFileTests {
  @Test func filesAreReplacedWholeAndLeaveNothingBehind() throws {
    let folder = try Folder()
    let path = folder.path + "/a.png"
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    try picture.write(to: path)
    #expect(try folder.contents() == ["a.png"])
    #expect(try Pixels(contentsOf: path).width == 1000)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(try picture.draw().png()))
  }

  @Test func unwritablePathsAreNamed() throws {
    let folder = try Folder()
    #expect(
      failure("/no/such/a.png")
        == "cannot write /no/such/a.png: no such file or folder; check the path")
    #expect(failure(folder.path) == "cannot write \(folder.path): is a folder, expected a file")
    #expect(try folder.contents() == [])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func devicesAreWrittenInPlace() {
    #expect(
      failure("/dev/full")
        == "cannot write /dev/full: no space left on the device; free some and try again")
    #expect(failure("/dev/null") == "written")
  }
}
