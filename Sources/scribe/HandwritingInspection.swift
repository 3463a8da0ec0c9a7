import Decoding
import Ink
import Pictures
import Recognition
import Tensors

/// A line of handwriting as a network sees it, and what a model reads in it.
struct HandwritingInspection {
  let picture: LinePicture
  let transcript: Transcript?

  /// A picture of a line, or the first recording of a file of pen strokes.
  ///
  /// - Parameter withFeatures: Whether the features stand below the line, a row for each.
  init(_ file: String, recognizer: Recognizer?, withFeatures: Bool) throws {
    switch HandwritingFile(file) {
    case .picture:
      (picture, transcript) = try Self.picture(file, recognizer, withFeatures)
    case .strokes:
      (picture, transcript) = try Self.strokes(file, recognizer, withFeatures)
    }
  }

  private static func picture(
    _ file: String, _ recognizer: Recognizer?, _ withFeatures: Bool
  ) throws -> (LinePicture, Transcript?) {
    if let recognizer, recognizer.extractor.line == nil {
      throw InspectionError.wrongModel(
        file: file, found: recognizer.extractor.sense.words, expected: Sense.line.words)
    }
    let extractor =
      recognizer?.extractor.line ?? LineFeatureExtractor(LineFeatureConfiguration())
    let line = extractor.normalized(try ImageFile.read(file))
    let transcript = recognizer.map {
      $0.transcript(of: .line(line), decoder: $0.greedyDecoder)
    }
    var picture = LinePicture(
      title: title(file, transcript), line: GrayRaster(line), marks: marks(transcript))
    if withFeatures {
      // Pixels are what is seen already.
      var configuration = extractor.configuration
      configuration.kind = .columnGeometry
      let features = LineFeatureExtractor(configuration).features(of: line)
      picture.rows = rows(features, names: LineFeatureConfiguration.columnGeometryNames)
    }
    return (picture, transcript)
  }

  private static func strokes(
    _ file: String, _ recognizer: Recognizer?, _ withFeatures: Bool
  ) throws -> (LinePicture, Transcript?) {
    let recording = try StrokeFile.read(file)[0].recording
    let configuration = StrokeRenderingConfiguration()
    let line = try StrokeRenderer(configuration)(recording)
    if let recognizer, recognizer.extractor.sense == .line {
      let reader = recognizer.extractor.line?.normalized(line) ?? line
      let transcript = recognizer.transcript(
        of: .line(reader), decoder: recognizer.greedyDecoder)
      return (
        LinePicture(
          title: title(file, transcript), line: GrayRaster(reader), marks: marks(transcript)),
        transcript
      )
    }
    if let recognizer, recognizer.extractor.strokes == nil {
      throw InspectionError.wrongModel(
        file: file, found: recognizer.extractor.sense.words, expected: Sense.strokes.words)
    }
    let extractor =
      try recognizer?.extractor.strokes ?? StrokeFeatureExtractor(StrokeFeatureConfiguration())
    let transcript = recognizer.map {
      $0.transcript(of: .strokes(recording), decoder: $0.greedyDecoder)
    }
    let places = extractor.places(of: recording).map(\.x)
    var picture = LinePicture(title: title(file, transcript), line: GrayRaster(line))
    picture.marks = marks(transcript).map { mark in
      var mark = mark
      let columns = columns(
        of: places, mark.start, mark.end, width: line.width, margin: configuration.margin)
      (mark.start, mark.end) = columns
      return mark
    }
    if withFeatures {
      picture.rows = rows(extractor(recording), names: StrokeFeature.allCases.map { "\($0)" })
    }
    return (picture, transcript)
  }

  /// The columns of the drawn line that show some points.
  private static func columns(
    of places: [Float], _ start: Double, _ end: Double, width: Int, margin: Int
  ) -> (Double, Double) {
    guard let low = places.min(), let high = places.max(), high > low else {
      return (0, Double(width))
    }
    let first = max(0, min(Int(start), places.count - 1))
    let last = max(first, min(Int(end) - 1, places.count - 1))
    let shown = places[first...last]
    let scale = Double(width - 2 * margin) / Double(high - low)
    func column(_ x: Float) -> Double { Double(margin) + Double(x - low) * scale }
    return (column(shown.min() ?? low), max(column(shown.max() ?? high), column(low) + 1))
  }

  private static func title(_ file: String, _ transcript: Transcript?) -> String {
    file.printable + (transcript.map { ": \($0.text)" } ?? "")
  }

  private static func marks(_ transcript: Transcript?) -> [LinePicture.Mark] {
    (transcript?.characters ?? []).map {
      .init(text: $0.text, start: $0.start, end: $0.end, confidence: $0.confidence)
    }
  }

  private static func rows(
    _ features: Tensor, names: [String]
  ) -> [(name: String, values: [Float])] {
    let values = features.scalars
    let size = features.shape[1]
    return names.enumerated().map { index, name in
      (name, stride(from: index, to: values.count, by: size).map { values[$0] })
    }
  }
}

extension GrayRaster {
  /// The pixels of an image that has some.
  init(_ image: GrayImage) {
    self.init(width: image.width, height: image.height, pixels: image.pixels)
  }
}
