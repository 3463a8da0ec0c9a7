import Ink
import TestSupport
import Testing

@Suite struct JSONStrokesTests {
  let folder: StrokeFolder

  init() throws { folder = try StrokeFolder() }

  @Test func rowsAreRead() throws {
    let rows = """
      {"text":"3","writer":"a16","strokes":[[[208,198],[207.5,-191]],[[1e2,2E-1]]]}

      { "other" : {"deep": [1, true, null, "x"]}, "strokes" : [ [ [0,0, 1500, 0.5], [1,1,1520,1] ] ] }
      """
    let samples = try folder.read(rows)
    #expect(samples.count == 2)
    #expect(samples[0].text == "3" && samples[0].writer == "a16")
    #expect(places(samples[0].recording) == [[[208, 198], [207.5, -191]], [[100, 0.2]]])
    #expect(samples[0].recording.strokes[0].points[0].time == nil)
    let points = samples[1].recording.strokes[0].points
    #expect(points.map(\.time) == [0, 0.02] && points.map(\.pressure) == [0.5, 1])
    #expect(samples[1].text == nil)
  }

  @Test func aBareListIsARecording() throws {
    let samples = try folder.read("\u{FEFF}[[[1,2],[3,4]],\n[[5,6]]]")
    #expect(samples.map { places($0.recording) } == [[[[1, 2], [3, 4]], [[5, 6]]]])
  }

  @Test func clocksSince1970StayExact() throws {
    let samples = try folder.read("[[[0,0,1700000000000],[1,1,1700000000008]]]")
    let times = samples[0].recording.strokes[0].points.compactMap(\.time)
    // A double holds such a time to a quarter of a microsecond, a float to two minutes.
    expectClose(times, [0, 0.008], absolute: 1e-6)
  }

  @Test func textIsUnescaped() throws {
    let samples = try folder.read(
      #"{"strokes":[[[0,0]]],"text":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"}"#)
    #expect(samples[0].text == "a\"\\/\u{8}\u{C}\n\r\té😀é")
  }

  @Test(arguments: [
    ("{\"strokes\":[[[0,NaN]]]}", "1: found 'NaN', expected a number"),
    ("[[[0,\nInfinity]]]", "2: found 'Infinity', expected a number"),
    ("[[[0,null]]]", "1: found 'null', expected a number"),
    ("[[[0,\"1\"]]]", "1: found '\"', expected a number"),
    ("[[[0,1e999]]]", "1: found '1e999', expected a finite number"),
    ("[[[0,1e39]]]", "1: found the number 1e+39, expected finite numbers"),
    ("[[[0,01]]]", "1: found '01', expected a number as JSON writes it"),
    ("[[[0,+1]]]", "1: found '+1', expected a number"),
    ("[[[0,1.]]]", "1: found '1.', expected a number as JSON writes it"),
    ("[[[0,0x10]]]", "1: found '0x10', expected a number as JSON writes it"),
    ("[[[0]]]", "1: found a point of 1 values, expected a point of 2 to 4 values"),
    ("[[[0,1,2,0.5,5]]]", "1: found more than 4 values"),
    ("[[[0,1],\n\n[0,1,2]]]", "3: found a point of 3 values, expected 2, as the first"),
    ("[[[0,1,2,1.5]]]", "1: found the pressure 1.5, expected 0 to 1"),
    ("[[]]", "1: found a stroke without points, expected one point or more"),
    ("[]", "1: found a recording without strokes, expected one stroke or more"),
    ("{\"text\":\"a\"}", "1: found an object without 'strokes'"),
    ("{\"strokes\":[[[0,0]]],\"strokes\":[]}", "1: found 'strokes' twice"),
    ("{\"strokes\":5}", "1: found '5', expected a list of strokes"),
    ("[[[0,0],]]", "1: found ']', expected a point"),
    ("[[[0 0]]]", "1: found '0', expected ',' or ']'"),
    ("[[[0,0]]] x", "1: found 'x', expected a JSON object or list"),
    ("{\"text\":5,\"strokes\":[]}", "1: found '5', expected a string"),
    ("{\"text\":\"a\nb\"}", "1: found the control character 10 in a string"),
    ("{\"text\":\"\\ud83d\"}", "1: found half a surrogate pair"),
    ("{\"text\":\"\\x\"}", "1: found the escape \\ with byte 120"),
    ("{\"a\":truth}", "1: found 'truth', expected true, false or null"),
  ])
  func whatIsWrongIsSaid(text: String, expected: String) throws {
    let message = try folder.message(text)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func everyCutIsNoticed() throws {
    let whole = Array(
      #"{"text":"\u00e9","n":[null,{"a":-1.5e3}],"strokes":[[[1,2,3,0.5],[4,5,6,1]],[[7,8,9,0]]]}"#
        .utf8)
    #expect(try StrokeFile.read(try folder.write("whole", whole)).count == 1)
    for count in 1..<whole.count {
      let error = try folder.error(Array(whole.prefix(count)))
      #expect(error?.category == .badData, "\(count) bytes")
    }
  }

  @Test func limitsAreKept() throws {
    let limits = StrokeLimits(points: 3, strokes: 2, textBytes: 8)
    let points = try folder.message("[[[0,0],[0,1],[0,2],[0,3]]]", limits: limits)
    #expect(points.hasPrefix("1: more than 3 points"))
    let strokes = try folder.message("[[[0,0]],[[0,1]],[[0,2]]]", limits: limits)
    #expect(strokes.hasPrefix("1: more than 2 strokes"))
    let text = try folder.message("{\"text\":\"0123456789\"}", limits: limits)
    #expect(text.hasPrefix("1: more than 8 bytes of text"))
    let deep = String(repeating: "[", count: 100_000)
    #expect(try folder.message("{\"x\":\(deep)").hasPrefix("1: more than 64 values inside"))
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let points = [
      StrokePoint(x: 0.1, y: -3.4028235e38, time: 0, pressure: 1),
      StrokePoint(x: .leastNormalMagnitude, y: 1 / 3, time: 0.123456789, pressure: 0.7),
    ]
    let samples = [
      StrokeSample(
        recording: PenRecording(strokes: [Stroke(points: points)]), text: "a\"\\\n\u{1}é😀",
        writer: "w"),
      StrokeSample(recording: recording([[(1, 2), (3, 4)], [(5, 6)]])),
    ]
    let file = "\(folder.path)/out.json"
    try StrokeFile.write(samples, to: file, as: .json)
    #expect(try StrokeFile.read(file) == samples)
    // Pressure without times keeps its place.
    let pressed = PenRecording(
      strokes: [Stroke(points: [StrokePoint(x: 1, y: 2, pressure: 0.25)])])
    try StrokeFile.write([StrokeSample(recording: pressed)], to: file, as: .json)
    #expect(try StrokeFile.read(file).map(\.recording) == [pressed])
  }
}
