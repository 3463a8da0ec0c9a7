import Decoding
import Ink

/// Reads pen strokes with a recogniser of strokes.
public struct StrokeReader: Sendable {
  private let recognizer: Recognizer
  private let decoder: any TranscriptDecoder
  private let extractor: StrokeFeatureExtractor

  /// A reader; its decoder is the greedy one unless another is given.
  ///
  /// - Precondition: The recogniser reads pen strokes.
  public init(_ recognizer: Recognizer, decoder: (any TranscriptDecoder)? = nil) {
    guard let extractor = recognizer.extractor.strokes else {
      preconditionFailure("StrokeReader: got a recogniser of \(recognizer.extractor.sense)")
    }
    (self.recognizer, self.extractor) = (recognizer, extractor)
    self.decoder = decoder ?? recognizer.greedyDecoder
  }

  /// Reads recordings, each as a line; boxes are in the coordinates of the recordings.
  ///
  /// - Parameter name: What the recordings are called in the result.
  /// - Precondition: All numbers are finite.
  public func read(_ recordings: [PenRecording], name: String) -> RecognizedPage {
    let lines = recordings.map(read)
    return RecognizedPage(
      image: name, width: max(1, lines.map(\.box.right).max() ?? 1),
      height: max(1, lines.map(\.box.bottom).max() ?? 1), lines: lines)
  }

  private func read(_ recording: PenRecording) -> RecognizedLine {
    let transcript = recognizer.transcript(of: .strokes(recording), decoder: decoder)
    let places = extractor.places(of: recording).map {
      PagePoint(x: Double($0.x), y: Double($0.y))
    }
    let whole = PageBox(around: places) ?? PageBox(x: 0, y: 0, width: 0, height: 0)
    return RecognizedLine(transcript, box: whole, polygon: nil) { points in
      let first = max(0, min(Int(points.lowerBound), places.count))
      let last = max(first, min(Int(points.upperBound.rounded(.up)), places.count))
      return PageBox(around: Array(places[first..<last])) ?? whole
    }
  }
}
