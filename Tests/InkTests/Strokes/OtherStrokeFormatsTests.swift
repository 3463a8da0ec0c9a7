import Ink
import Testing

@Suite struct OtherStrokeFormatsTests {
  let folder: StrokeFolder

  init() throws { folder = try StrokeFolder() }

  @Test func unipen() throws {
    let samples = try StrokeFile.read(try strokeReference("word.upn"))
    #expect(samples.count == 1)
    #expect(samples[0].text == "it" && samples[0].writer == "w7")
    // y upwards at half the resolution of x: turned and doubled.
    #expect(
      places(samples[0].recording)
        == [[[10, -100], [10, -80]], [[20, -120], [20, -80], [15, -100]]])
    let times = samples[0].recording.strokes.map { $0.points.map(\.time) }
    #expect(times == [[0, 0.01], [0.03, 0.04, 0.05]])
  }

  @Test func unipenTimesFromTheRate() throws {
    let samples = try folder.read(
      ".COORD X Y\n.POINTS_PER_SECOND 100\n.PEN_DOWN\n0 0 1 1\n.PEN_UP\n.DT 500\n.PEN_DOWN\n2 -2\n")
    let times = samples[0].recording.strokes.map { $0.points.map(\.time) }
    #expect(times == [[0, 0.01], [0.52]])
    #expect(places(samples[0].recording) == [[[0, 0], [1, -1]], [[2, 2]]])
    #expect(samples[0].text == nil)
  }

  @Test(arguments: [
    (".INCLUDE /etc/passwd\n", "1: found .INCLUDE of another file"),
    (".COORD X Z\n", "1: found .COORD X Z, expected names"),
    (".COORD X Y\n.PEN_DOWN\n1 2\n3\n.PEN_UP\n", "5: found a point of 1 values, expected 2"),
    (".PEN_DOWN\n1 nan\n", "2: found 'nan', expected a finite number"),
    (".PEN_DOWN\n1 1e99\n", "2: found the number -1e+99"),
    (".PEN_DOWN\n.PEN_UP\n", "2: found a stroke without points"),
    (".X_POINTS_PER_INCH 0\n", "1: found 0.0, expected a number above 0"),
    (".DT soon\n", "1: found 'soon', expected a finite number"),
    (".VERSION 1.0\n", " holds no stroke"),
  ])
  func whatIsWrongInUnipenIsSaid(text: String, expected: String) throws {
    let message = try folder.message(text)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func whiteboard() throws {
    let samples = try StrokeFile.read(try strokeReference("whiteboard.xml"))
    #expect(samples.count == 1)
    #expect(samples[0].text == "A lazy café\non two lines" && samples[0].writer == "10033")
    #expect(
      places(samples[0].recording) == [
        [[1073, 1058], [1072, 1085], [1066, 1117]], [[1052, 1152]],
      ])
    let times = samples[0].recording.strokes.flatMap { $0.points.map { $0.time ?? .nan } }
    for (found, expected) in zip(times, [0, 0.01, 0.02, 0.77]) {
      #expect(abs(found - Float(expected)) < 1e-6)
    }
  }

  @Test(arguments: [
    ("<StrokeSet><Stroke></Stroke></StrokeSet>", "1: found a stroke without points"),
    (
      "<StrokeSet>\n<Stroke><Point x=\"1\"/></Stroke></StrokeSet>",
      "2: found a point without x or y"
    ),
    ("<StrokeSet><Stroke><Point x=\"1\" y=\"NaN\"/></Stroke></StrokeSet>", "1: found y=\"NaN\""),
    ("<StrokeSet/>", " holds no stroke"),
    ("<html/>", " found XML whose root is 'html', expected strokes as InkML"),
    ("hello", " found a file beginning with 'hello', expected strokes"),
    ("\u{89}PNG", " found a file beginning with the byte 194"),
    (" \n", " holds no stroke"),
  ])
  func whatIsWrongIsSaid(text: String, expected: String) throws {
    let message = try folder.message(text)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func filesThatAreNotThere() throws {
    for path in ["\(folder.path)/no.json", folder.path, "/dev/null"] {
      let error = #expect(throws: StrokeError.self) { try StrokeFile.read(path) }
      #expect(error?.category == .missingInput)
    }
    #expect(try folder.error([])?.category == .badData)
  }
}
