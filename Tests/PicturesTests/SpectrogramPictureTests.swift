import Foundation
import Pictures
import Testing

private func picture(_ frames: Int, _ bins: Int, _ value: (Int, Int) -> Float) -> SpectrogramPicture
{
  SpectrogramPicture(
    title: "seven.wav",
    matrix: Matrix(
      values: (0..<frames * bins).map { value($0 / bins, $0 % bins) }, frameCount: frames,
      binCount: bins),
    frameDuration: 0.01, bins: .hertz((0..<bins).map { 50 * Double($0) }))
}

@Suite struct SpectrogramPictureTests {
  @Test func everyCellHasItsColourAndPlace() throws {
    // Low bins are below, early frames are left; the values run evenly from 0 to 1.
    let (frames, bins) = (7, 5)
    let (pixels, plots) = try written(
      picture(frames, bins) { Float($0 * bins + $1) / Float(frames * bins - 1) })
    let heat = try #require(plots["heat"])
    for frame in 0..<frames {
      for bin in 0..<bins {
        let x = heat.x + (Double(frame) + 0.5) / Double(frames) * heat.width
        let y = heat.maxY - (Double(bin) + 0.5) / Double(bins) * heat.height
        let expected = ColorMap.ember[Float(frame * bins + bin) / Float(frames * bins - 1)]
        #expect(near(pixels[x, y], expected), "frame \(frame), bin \(bin)")
      }
    }
    #expect(near(pixels[heat.x + 1, heat.maxY - 2], ColorMap.ember[0]))
    #expect(near(pixels[heat.maxX - 2, heat.y + 1], ColorMap.ember[1]))
  }

  @Test func longRecordingsGiveBoundedPicturesThatKeepPeaks() throws {
    let (frames, bins) = (50_000, 12)
    let (pixels, plots) = try written(
      picture(frames, bins) { frame, bin in frame / 50 == 300 && bin == 4 ? 1 : 0 })
    #expect(pixels.width <= 2600 && pixels.height <= 700)
    let heat = try #require(plots["heat"])
    let y = heat.maxY - (4 + 0.5) / 12 * heat.height
    let bright = (Int(heat.x)..<Int(heat.maxX)).filter {
      near(pixels[Double($0), y], ColorMap.ember[1])
    }
    let expected = heat.x + 0.3 * heat.width
    #expect(!bright.isEmpty)
    #expect(bright.allSatisfy { abs(Double($0) - expected) < 4 })
  }

  @Test func marksStandOverTheirFramesInTheirColours() throws {
    var picture = picture(100, 20) { Float($0 + $1) }
    picture.marks = [
      .init(text: "a", start: 0.2, end: 0.3, confidence: 0.1),
      .init(text: " ", start: 0.4, end: 0.45, confidence: 0.5),
      .init(text: "é", start: 0.7, end: 0.9, confidence: 1),
    ]
    let (pixels, plots) = try written(picture)
    let box = try #require(plots["letters"])
    let row = box.y + 10
    func x(_ seconds: Double) -> Double { box.x + seconds / 1.0 * box.width }
    for mark in picture.marks {
      let color = ColorMap.confidence[mark.confidence]
      for time in [mark.start + 0.005, (mark.start + mark.end) / 2, mark.end - 0.005] {
        #expect(near(pixels[x(time), row], color), "\(mark.text) at \(time)")
      }
      for time in [mark.start - 0.005, mark.end + 0.005] {
        #expect(!near(pixels[x(time), row], color, 30), "\(mark.text) not at \(time)")
      }
    }
    // The letter is written below its bar and nothing is below that of a space.
    func inked(_ from: Double, _ to: Double) -> Bool {
      (Int(x(from))...Int(x(to))).contains { column in
        (18..<40).contains { pixels[Double(column), box.y + Double($0)] & 0xFF < 0x80 }
      }
    }
    #expect(inked(0.2, 0.3))
    #expect(!inked(0.36, 0.5))
  }

  @Test func waveformStandsWhereItSounds() throws {
    var picture = picture(100, 20) { Float($0 + $1) }
    picture.sampleRate = 8000
    picture.waveform = (0..<8000).map {
      (2000..<4000).contains($0) ? ($0 % 2 == 0 ? 0.5 : -0.5) : 0
    }
    let (pixels, plots) = try written(picture)
    let box = try #require(plots["waveform"])
    func height(_ seconds: Double) -> Int {
      pixels.rows(of: Color.series[0], atX: box.x + seconds * box.width, in: box).count
    }
    for seconds in [0.26, 0.37, 0.49] { #expect(height(seconds) > Int(box.height) - 8) }
    for seconds in [0.1, 0.24, 0.51, 0.9] { #expect(height(seconds) <= 2) }
  }

  @Test func oddNumbersAndTextsAreDrawn() throws {
    for value in [Float.nan, .infinity, -.infinity, 0, 1e30] {
      var picture = picture(3, 2) { $0 == 1 && $1 == 1 ? -1 : value }
      picture.title = "a\u{0}b\n👩‍👧 \u{202E}漢"
      picture.waveform = [.nan, 1, .infinity]
      picture.marks = [
        .init(text: "\u{7}", start: -5, end: 99, confidence: .nan),
        .init(text: "", start: 0.01, end: 0.01, confidence: 2),
      ]
      #expect(try picture.draw().png().count > 1000)
    }
    let single = picture(1, 1) { _, _ in 0 }
    #expect(try single.draw().png().count > 1000)
  }

  @Test func poolingTakesTheLargest() {
    let matrix = Matrix(values: [1, 5, .nan, 2, .infinity, -3], frameCount: 3, binCount: 2)
    #expect(matrix.pooled(frames: 1, bins: 2).values == [1, 5])
    #expect(matrix.pooled(frames: 3, bins: 1).values == [5, 2, -3])
    #expect(matrix.pooled(frames: 3, bins: 4).values.prefix(4) == [1, 1, 5, 5])
    #expect(matrix.pooled(frames: 2, bins: 1).values == [5, 2])
  }
}
