import Configuration
import Ink
import Testing

@Suite struct StrokeRendererTests {
  private func render(
    _ recording: PenRecording, _ change: (inout StrokeRenderingConfiguration) -> Void = { _ in }
  ) throws -> GrayImage {
    var configuration = StrokeRenderingConfiguration()
    change(&configuration)
    return try StrokeRenderer(configuration)(recording)
  }

  /// A pen whose width is always the same.
  private func plain(_ configuration: inout StrokeRenderingConfiguration) {
    (configuration.nib, configuration.smooth, configuration.penWidth) = (0, false, 0.125)
  }

  /// Ink in a row or column, in pixels.
  private func ink(_ image: GrayImage, row: Int) -> Float {
    (0..<image.width).reduce(0) { $0 + Float(255 - image[$1, row]) / 255 }
  }

  @Test func anUprightLineHasItsWidthAndHeight() throws {
    let image = try render(recording([[(5, 0), (5, 100)]]), plain)
    #expect(image.height == 64)
    // The line and the width of the pen fill 48 rows: scale 48 / 112.5, radius 6.25 · scale.
    let radius: Float = 6.25 * 48 / 112.5
    #expect(image.width == Int((2 * radius + 16).rounded(.up)))
    for row in 12..<52 { #expect(abs(ink(image, row: row) - 2 * radius) < 0.15, "row \(row)") }
    #expect(ink(image, row: 6) == 0 && ink(image, row: 57) == 0)
    #expect(ink(image, row: 9) > 0 && ink(image, row: 9) < 2 * radius)
  }

  @Test func aDotIsRound() throws {
    let image = try render(recording([[(3, 3)]]), plain)
    let total = (0..<64).reduce(Float(0)) { $0 + ink(image, row: $1) }
    // The core height of a dot is 1, and so is the room of it and the pen: radius 48 / 1.125 / 16.
    let radius: Float = 48 / 1.125 / 16
    #expect(abs(total - .pi * radius * radius) < 0.03 * .pi * radius * radius)
    for row in 0..<64 {
      #expect(abs(ink(image, row: row) - ink(image, row: 63 - row)) < 0.02)
    }
  }

  @Test func pressureAndSpeedChangeTheWidth() throws {
    func line(_ pressure: [Float?], _ times: [Float?]) -> PenRecording {
      PenRecording(
        strokes: [
          Stroke(
            points: (0..<11).map {
              StrokePoint(x: 0, y: Float($0) * 10, time: times[$0], pressure: pressure[$0])
            })
        ])
    }
    let none = [Float?](repeating: nil, count: 11)
    let pressed = try render(line((0..<11).map { Float($0) / 10 }, none), plain)
    #expect(ink(pressed, row: 50) > 1.3 * ink(pressed, row: 14))
    // Fast above, slow below.
    let times: [Float?] = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.09, 0.13, 0.17, 0.21, 0.25]
    let timed = try render(line(none, times), plain)
    #expect(ink(timed, row: 50) > 1.1 * ink(timed, row: 14))
    let still = try render(line(none, none), plain)
    #expect(abs(ink(still, row: 50) - ink(still, row: 14)) < 0.1)
  }

  @Test func theNibIsWideAcrossItsAngle() throws {
    func width(_ end: (Float, Float)) throws -> Float {
      let image = try render(recording([[(0, 0), end]])) {
        ($0.nib, $0.nibAngle, $0.smooth) = (1, 45, false)
      }
      return ink(image, row: 32)
    }
    // Falling to the right crosses a nib of 45°, rising goes along it.
    #expect(try width((100, 100)) > 1.5 * width((100, -100)))
  }

  @Test func curvesGoThroughThePoints() throws {
    let arc = recording([[(0, 0), (50, 20), (100, 0)]])
    let straight = try render(arc) { $0.smooth = false }
    let curved = try render(arc) { $0.smooth = true }
    #expect(straight != curved)
    // The middle of the curve is the middle point, at the bottom.
    let column = curved.width / 2
    #expect((0..<64).contains { curved[column, $0] < 64 && $0 > 30 })
  }

  @Test func placeAndSizeChangeNothing() throws {
    let image = try render(zigzag)
    let moved = zigzag.mapPoints { StrokePoint(x: $0.x * 8 - 64, y: $0.y * 8 + 512) }
    #expect(try render(moved) == image)
    #expect(image.width > 40 && image.pixels.contains(0))
  }

  @Test func marginsStayWhite() throws {
    for margin in [0, 8, 30] {
      let image = try render(zigzag) { $0.margin = margin }
      for row in 0..<max(0, margin - 1) {
        #expect(ink(image, row: row) == 0 && ink(image, row: 63 - row) == 0)
      }
    }
  }

  @Test(arguments: [
    PenRecording(), recording([[]]), recording([[(1, 1), (1, 1)]]),
    recording([[(0, 5), (100, 5)]]),
    recording([[(0, 0), (1e9, 1)]]), recording([[(-3e38, -3e38), (3e38, 3e38)]]),
    recording([[(0, 0), (1e-38, 1e-38)]]),
  ])
  func strangeShapesAreDrawn(strange: PenRecording) throws {
    let image = try render(strange)
    #expect(image.height == 64 && image.width > 0 && image.width <= StrokeRenderer.maximumWidth)
    #expect(image.pixels.contains { $0 < 255 } == (strange.pointCount > 0))
  }

  @Test func configurationsAreChecked() throws {
    let wrong: [(inout StrokeRenderingConfiguration) -> Void] = [
      { $0.height = 4 }, { $0.margin = 31 }, { $0.margin = -1 }, { $0.penWidth = 0 },
      { $0.pressure = 2 }, { $0.speed = .nan }, { $0.nib = -1 }, { $0.nibAngle = 400 },
    ]
    for change in wrong {
      #expect(throws: ConfigurationError.self) { _ = try render(PenRecording(), change) }
    }
  }
}
