import Ink
import Testing

@Suite struct InkMLTests {
  let folder: StrokeFolder

  init() throws { folder = try StrokeFolder() }

  private func read(_ inside: String) throws -> [StrokeSample] {
    try folder.read("<ink xmlns=\"http://www.w3.org/2003/InkML\">\(inside)</ink>")
  }

  private func decode(_ trace: String, format: String = "") throws -> [[Float]] {
    let format = format.isEmpty ? "" : "<context><traceFormat>\(format)</traceFormat></context>"
    let samples = try read("\(format)<trace>\(trace)</trace>")
    return places(samples[0].recording)[0]
  }

  @Test func theSpecificationsHello() throws {
    let samples = try StrokeFile.read(try strokeReference("hello.inkml"))
    #expect(samples.count == 1 && samples[0].text == "hello")
    let strokes = places(samples[0].recording)
    #expect(strokes.map(\.count) == [27, 20, 12, 13, 16])
    #expect(strokes[0].first == [10, 0] && strokes[0].last == [93, 205])
    #expect(strokes[2][3] == [227, 92] && strokes[4].last == [365, 150])
  }

  @Test func theSpecificationsDifferences() throws {
    let samples = try StrokeFile.read(try strokeReference("differences.inkml"))
    let points = places(samples[0].recording)[0]
    #expect(
      points.map { $0[0] }
        == [1125, 1148, 1178, 1211, 1251, 1297, 1349, 1404, 1461, 1521, 1584])
    #expect(
      points.map { $0[1] }
        == [18432, 18475, 18510, 18540, 18567, 18596, 18633, 18676, 18723, 18776, 18823])
  }

  @Test func notationsOfNumbers() throws {
    #expect(
      try decode("1 2,-3-4,.5 -.5,1e1 1E-1,#1F -#a") == [
        [1, 2], [-3, -4], [0.5, -0.5], [10, 0.1], [31, -10],
      ])
    #expect(try decode(" \n1\t2 ,\n- 3 - 4 ") == [[1, 2], [-3, -4]])
    #expect(try decode("#FF#10,#F-#E") == [[255, 16], [15, -14]])
  }

  @Test func marksHoldUntilTheNext() throws {
    #expect(
      try decode("0 0,'1'2,3 4,!9!9,10 11") == [[0, 0], [1, 2], [4, 6], [9, 9], [10, 11]])
    // After values of their own, the change of the change begins at their last difference.
    #expect(try decode("0 0,1 2,\"1\"1") == [[0, 0], [1, 2], [3, 5]])
  }

  @Test func starsGoOnAsBefore() throws {
    #expect(try decode("5 6,* 7,8*") == [[5, 6], [5, 7], [8, 7]])
    #expect(try decode("0 0,'2'3,**,* *") == [[0, 0], [2, 3], [4, 6], [6, 9]])
    #expect(try decode("0 0,\"1\"1,**") == [[0, 0], [1, 1], [3, 3]])
    #expect(try decode("5 6,? 7") == [[5, 6], [5, 7]])
  }

  @Test func channelsInAnyOrder() throws {
    let format = """
      <channel name="T" type="integer" units="s"/><channel name="Y"/>
      <channel name="F" type="integer" max="200"/><channel name="Z"/>
      <intermittentChannels><channel name="B" type="boolean"/></intermittentChannels>
      <channel name="X"/>
      """
    let samples = try read(
      "<context><traceFormat>\(format)</traceFormat></context>"
        + "<trace>10 1 50 0 2,12 3 400 0 4 T,13 5 ? 0 6F</trace>")
    let points = samples[0].recording.strokes[0].points
    #expect(points.map(\.x) == [2, 4, 6] && points.map(\.y) == [1, 3, 5])
    #expect(points.map(\.time) == [0, 2, 3] && points.map(\.pressure) == [0.25, 1, 1])
  }

  @Test func aFormatBelowTheRootIsThatOfAllTraces() throws {
    let samples = try read(
      "<traceFormat><channel name=\"Y\"/><channel name=\"X\"/></traceFormat><trace>1 2</trace>")
    #expect(places(samples[0].recording) == [[[2, 1]]])
  }

  @Test func orientationsAndUnits() throws {
    let up = "<channel name=\"X\"/><channel name=\"Y\" orientation=\"-ve\"/>"
    #expect(try decode("1 2", format: up) == [[1, -2]])
    let units = "<channel name=\"X\" units=\"cm\"/><channel name=\"Y\" units=\"in\"/>"
    #expect(try decode("1 1", format: units) == [[10, 25.4]])
    let device = try read(
      """
      <definitions><inkSource xml:id="tablet"><traceFormat><channel name="X"/><channel name="Y"/>
      </traceFormat><channelProperties>
      <channelProperty channel="X" name="resolution" value="100" units="1/cm"/>
      <channelProperty channel="Y" name="resolution" value="508" units="1/in"/>
      </channelProperties></inkSource>
      <context xml:id="c" inkSourceRef="#tablet"/></definitions>
      <trace contextRef="#c">10 20</trace><trace>10 20</trace>
      """)
    #expect(places(device[0].recording) == [[[1, 1]], [[10, 20]]])
  }

  @Test func timestampsAreOrigins() throws {
    let samples = try read(
      """
      <definitions><timestamp xml:id="a" time="1000"/>
      <timestamp xml:id="b" timestampRef="#a" timeOffset="500"/></definitions>
      <context><traceFormat><channel name="X"/><channel name="Y"/>
      <channel name="T" respectTo="#a"/></traceFormat></context>
      <trace>0 0 0</trace>
      <context><traceFormat><channel name="X"/><channel name="Y"/>
      <channel name="T" respectTo="#b"/></traceFormat></context>
      <trace>0 0 10</trace>
      """)
    #expect(samples[0].recording.strokes.map { $0.points[0].time } == [0, 0.51])
  }

  @Test func tracesAreContinued() throws {
    let samples = try read(
      """
      <trace xml:id="one" continuation="begin">0 0,'1'1</trace>
      <trace>50 50</trace>
      <trace xml:id="two" continuation="middle" priorRef="#one">1 1</trace>
      <trace continuation="end" priorRef="#two">!9!9</trace>
      """)
    #expect(
      places(samples[0].recording) == [[[0, 0], [1, 1], [2, 2], [9, 9]], [[50, 50]]])
  }

  @Test func thePenInTheAirIsLeftOut() throws {
    let samples = try read(
      "<trace type=\"penUp\">not read</trace><trace type=\"penDown\">1 2</trace>"
        + "<trace type=\"indeterminate\">3 4</trace><definitions><trace>5 6</trace></definitions>")
    #expect(places(samples[0].recording) == [[[1, 2]], [[3, 4]]])
  }

  @Test func groupsWithTextAreRecordings() throws {
    let samples = try read(
      """
      <annotation type="writer">w</annotation><trace>0 0</trace>
      <traceGroup><traceGroup><annotation type="truth"> ab </annotation><trace>1 1</trace>
      <traceGroup><annotation type="truth">b</annotation><trace>2 2</trace></traceGroup></traceGroup>
      <traceGroup><annotation type="truth">c</annotation><trace>3 3</trace></traceGroup></traceGroup>
      """)
    #expect(samples.map(\.text) == ["ab", "c", nil])
    #expect(samples.map(\.writer) == ["w", "w", "w"])
    #expect(
      samples.map { places($0.recording) } == [[[[1, 1]], [[2, 2]]], [[[3, 3]]], [[[0, 0]]]])
    let whole = try read(
      "<annotation type=\"truth\">all</annotation><traceGroup>"
        + "<annotation type=\"truth\">a</annotation><trace>1 1</trace></traceGroup>")
    #expect(whole.map(\.text) == ["all"])
  }

  @Test(arguments: [
    ("<trace/>", "1: found a trace without points"),
    ("<trace>\n1 2,\n3</trace>", "3: found a point of 1 values, expected 2"),
    ("<trace>1 2 3</trace>", "1: found a point of more than 2 values, expected 2"),
    ("<trace>1 2,,3 4</trace>", "1: found no point between commas"),
    ("<trace>NaN 2</trace>", "1: found 'NaN', expected a number"),
    ("<trace>1e999 2</trace>", "1: found '1e999', expected a number"),
    ("<trace>1e39 2</trace>", "1: found the number 1e+39, expected finite"),
    ("<trace>1 2,\"1e308'1e308</trace>", "1: found the number 1e+308, expected finite"),
    ("<trace>T 2</trace>", "1: found 'T' for X, expected a number"),
    ("<trace>'1'2</trace>", "1: found a difference before any value"),
    ("<trace>* 1</trace>", "1: found '*' before any value"),
    ("<trace>? 1</trace>", "1: found a point without X or Y"),
    ("<trace>1 2,'!3 4</trace>", "1: found two marks in a row"),
    ("<trace>1 2,3 '</trace>", "1: found a mark or sign without a number"),
    ("<trace>1 2,3 -</trace>", "1: found a mark or sign without a number"),
    ("<trace>#G 1</trace>", "1: found '#G', expected a number"),
    ("<trace continuation=\"end\">1 2</trace>", "1: found a trace that continues none"),
    ("<trace continuation=\"on\">1 2</trace>", "1: found continuation 'on'"),
    ("<trace contextRef=\"#x\">1 2</trace>", "1: found a reference to '#x'"),
    (
      "<context><traceFormat><channel name=\"X\"/></traceFormat></context><trace>1</trace>",
      "1: found a trace of channels X, expected X and Y"
    ),
    ("<traceFormat><channel/></traceFormat>", "1: found a channel without a name"),
    ("<timestamp time=\"noon\"/>", "1: found time 'noon'"),
    ("", " holds no stroke"),
  ])
  func whatIsWrongIsSaid(inside: String, expected: String) throws {
    let message = try folder.message("<ink>\(inside)</ink>")
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let timed = PenRecording(
      strokes: [
        Stroke(points: [
          StrokePoint(x: 0.1, y: -2, time: 0, pressure: 0.5),
          StrokePoint(x: 1e-7, y: 3e8, time: 0.0123, pressure: 0),
        ]), Stroke(points: [StrokePoint(x: -1, y: -1, time: 2, pressure: 1)]),
      ])
    let plain = recording([[(1, 2), (3, 4)]])
    for samples in [
      [StrokeSample(recording: timed, text: "a <b> & \"c\"", writer: "w")],
      [StrokeSample(recording: plain)],
      [StrokeSample(recording: plain, text: "1"), StrokeSample(recording: plain, text: "2")],
    ] {
      let file = "\(folder.path)/out.inkml"
      try StrokeFile.write(samples, to: file, as: .inkML)
      #expect(try StrokeFile.read(file) == samples)
    }
  }

  @Test func aFullFolderLeavesTheOldFile() throws {
    let error = #expect(throws: StrokeError.self) {
      try StrokeFile.write([], to: "\(folder.path)/missing/out.inkml", as: .inkML)
    }
    #expect(error?.category == .missingInput)
  }
}
