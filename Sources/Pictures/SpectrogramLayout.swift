/// The places of a spectrogram picture's panels, and what is drawn in them.
struct SpectrogramLayout {
  let picture: SpectrogramPicture
  let pooled: Matrix
  let values: ClosedRange<Float>
  let heat: Rectangle
  let wave: Rectangle?
  let letters: Rectangle?
  let width: Int
  let height: Int

  static let small = Canvas.Style(size: 12, color: .faintInk)
  private static let widths = 900...2400
  private static let heatHeight = 330

  init(_ picture: SpectrogramPicture) {
    self.picture = picture
    let matrix = picture.matrix
    let across = min(
      Self.widths.upperBound, Self.multiple(of: matrix.frameCount, near: Self.widths.lowerBound))
    let down = min(420, Self.multiple(of: matrix.binCount, near: Self.heatHeight))
    pooled = matrix.pooled(frames: across, bins: down)
    values = pooled.range(0.005, 0.999)
    var y = 52.0
    func panel(_ height: Double) -> Rectangle {
      defer { y += height + 8 }
      return Rectangle(x: 78, y: y, width: Double(across), height: height)
    }
    wave = picture.waveform.isEmpty ? nil : panel(76)
    heat = panel(Double(down))
    letters = picture.marks.isEmpty ? nil : panel(56)
    width = across + 78 + 96
    height = Int(y) + 48
  }

  /// A multiple of `count` that is at least about `size`.
  private static func multiple(of count: Int, near size: Int) -> Int {
    count * max(1, (size + count / 2) / count)
  }

  var plots: [String: Rectangle] {
    var plots = ["heat": heat]
    plots["waveform"] = wave
    plots["letters"] = letters
    return plots
  }

  /// The seconds that the picture covers.
  var duration: Double { Double(picture.matrix.frameCount) * picture.frameDuration }

  func x(at seconds: Double) -> Double { heat.x + seconds / duration * heat.width }
}

// MARK: - The matrix and its scales

extension SpectrogramLayout {
  func drawMatrix(on canvas: Canvas) throws(PictureError) {
    let image = try Surface(width: pooled.frameCount, height: pooled.binCount)
    let span = values.upperBound - values.lowerBound
    try image.withPixels { pixels, stride in
      for frame in 0..<pooled.frameCount {
        for bin in 0..<pooled.binCount {
          let value = pooled.values[frame * pooled.binCount + bin]
          let color = ColorMap.ember[(value - values.lowerBound) / span]
          pixels[(pooled.binCount - 1 - bin) * stride + frame] = color.pixel
        }
      }
    }
    canvas.paint(image, at: Point(x: heat.x, y: heat.y))
    canvas.outline(heat, .frame)
    drawColorScale(on: canvas)
  }

  private func drawColorScale(on canvas: Canvas) {
    let bar = Rectangle(x: heat.maxX + 14, y: heat.y, width: 14, height: heat.height)
    for row in 0..<Int(bar.height) {
      let color = ColorMap.ember[1 - Float(row) / Float(bar.height - 1)]
      canvas.fill(Rectangle(x: bar.x, y: bar.y + Double(row), width: bar.width, height: 1), color)
    }
    canvas.outline(bar, .frame)
    let scale = Scale(
      covering: [Double(values.lowerBound), Double(values.upperBound)], count: 5, rounded: false)
    for tick in scale.ticks {
      let y = bar.maxY - (scale.fraction(tick.value) ?? 0) * bar.height
      canvas.text(tick.label, at: Point(x: bar.maxX + 7, y: y), .start, Self.small)
    }
    canvas.text(picture.unit, at: Point(x: bar.x, y: bar.y - 12), .start, Self.small)
  }

  func drawFrequencies(on canvas: Canvas) {
    let (title, ticks) = frequencyTicks()
    for (label, position) in ticks {
      let y = heat.maxY - position * heat.height
      canvas.line([Point(x: heat.x - 6, y: y), Point(x: heat.x - 1, y: y)], .frame)
      canvas.text(label, at: Point(x: heat.x - 10, y: y), .end, Self.small)
    }
    let middle = Point(x: 18, y: heat.y + heat.height / 2)
    canvas.text(title, at: middle, .middle, .init(size: 13), turned: true)
  }

  /// The numbers beside the matrix, with their height as a fraction of the panel.
  private func frequencyTicks() -> (String, [(String, Double)]) {
    let count = picture.matrix.binCount
    let spacing = 26 / heat.height
    switch picture.bins {
    case .numbered(let title):
      let scale = Scale(covering: [0, Double(count - 1)], count: 7, whole: true, rounded: false)
      let ticks = scale.ticks.filter { $0.value < Double(count) }
      return (title, ticks.map { ($0.label, ($0.value + 0.5) / Double(count)) })
    case .hertz(let centers):
      var ticks: [(String, Double)] = []
      for frequency in roundFrequencies(centers) {
        guard let bin = Self.bin(of: frequency, in: centers) else { continue }
        let position = (bin + 0.5) / Double(count)
        if let last = ticks.last, position - last.1 < spacing { continue }
        ticks.append((NumberText.fixed(frequency, decimals: 0), position))
      }
      return ("frequency in Hz", ticks)
    }
  }

  /// Round frequencies, closer together where the bins are.
  private func roundFrequencies(_ centers: [Double]) -> [Double] {
    guard let low = centers.first, let high = centers.last, centers.count > 1 else {
      return centers
    }
    let step = (high - low) / Double(centers.count - 1)
    let even = zip(centers, centers.dropFirst()).allSatisfy { abs($1 - $0 - step) < 0.01 * step }
    if even {
      return Scale(covering: [low, high], count: 8, whole: true, rounded: false).ticks.map(\.value)
    }
    return [100, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 20_000]
  }

  /// The bin, with a fraction, at which a frequency stands.
  private static func bin(of frequency: Double, in centers: [Double]) -> Double? {
    guard let next = centers.firstIndex(where: { $0 >= frequency }) else { return nil }
    if centers[next] == frequency { return Double(next) }
    guard next > 0 else { return nil }
    let (low, high) = (centers[next - 1], centers[next])
    return Double(next - 1) + (frequency - low) / (high - low)
  }

  func drawTime(on canvas: Canvas) {
    let bottom = Double(height) - 56
    let scale = Scale(covering: [0, duration], count: Int(heat.width) / 110, rounded: false)
    for tick in scale.ticks {
      let x = x(at: tick.value)
      canvas.line([Point(x: x, y: bottom + 1), Point(x: x, y: bottom + 6)], .frame)
      canvas.text(tick.label, at: Point(x: x, y: bottom + 18), .middle, Self.small)
    }
    canvas.text("time in s", at: Point(x: heat.x + heat.width / 2, y: bottom + 38))
  }
}

// MARK: - The panels above and below

extension SpectrogramLayout {
  /// The lowest and highest sample of each pixel across.
  func drawWaveform(in box: Rectangle, on canvas: Canvas) {
    let samples = picture.waveform
    let peak = samples.reduce(Float(1e-6)) { $1.isFinite ? max($0, abs($1)) : $0 }
    let middle = box.y + box.height / 2
    canvas.line([Point(x: box.x, y: middle), Point(x: box.maxX, y: middle)], .grid)
    let perPixel = duration / box.width * picture.sampleRate
    let columns = Int(min(box.width, (Double(samples.count) / perPixel).rounded(.up)))
    for column in 0..<columns {
      let start = Int(Double(column) * perPixel)
      let end = min(samples.count, max(start + 1, Int(Double(column + 1) * perPixel)))
      guard start < end else { continue }
      let part = samples[start..<end].filter(\.isFinite)
      guard let low = part.min(), let high = part.max() else { continue }
      let scale = (box.height / 2 - 2) / Double(peak)
      let top = middle - Double(high) * scale
      let height = max(1, Double(high - low) * scale)
      canvas.fill(
        Rectangle(x: box.x + Double(column), y: top, width: 1, height: height), Color.series[0])
    }
    canvas.outline(box, .frame)
  }

  /// Bars over the frames of each text, the texts below them where there is room.
  func drawMarks(in box: Rectangle, on canvas: Canvas) {
    canvas.fill(box, Color(0xF7F8FA))
    let hairlines = picture.marks.count < Int(box.width) / 12
    for mark in picture.marks {
      let (from, to) = extent(of: mark, in: box)
      let bar = Rectangle(x: from, y: box.y + 4, width: to - from, height: 12)
      canvas.fill(bar, ColorMap.confidence[mark.confidence])
      guard hairlines, !Self.isBlank(mark) else { continue }
      canvas.line([Point(x: from, y: heat.y), Point(x: from, y: heat.maxY)], .white, opacity: 0.28)
    }
    drawTexts(in: box, on: canvas)
    canvas.outline(box, .frame)
    drawConfidenceScale(beside: box, on: canvas)
  }

  /// The texts in the largest letters that let all stand in one row, else in two rows as far as
  /// there is room.
  private func drawTexts(in box: Rectangle, on canvas: Canvas) {
    let styles = [15.0, 13, 11, 10].map { Canvas.Style(size: $0, bold: true) }
    let marks = picture.marks.filter { !Self.isBlank($0) }
    for style in styles {
      let last = style.size == styles.last?.size
      var free = [Double](repeating: box.x, count: last ? 2 : 1)
      let places = marks.map { mark -> Point? in
        let half = canvas.width(of: mark.text, style) / 2
        let (from, to) = extent(of: mark, in: box)
        let center = max(box.x + half, min((from + to) / 2, box.maxX - half))
        guard let row = free.firstIndex(where: { center - half >= $0 }) else { return nil }
        free[row] = center + half + 1
        return Point(x: center, y: box.y + 30 + 15 * Double(row))
      }
      guard last || !places.contains(where: { $0 == nil }) else { continue }
      for (mark, place) in zip(marks, places) {
        if let place { canvas.text(mark.text, at: place, .middle, style) }
      }
      return
    }
  }

  private static func isBlank(_ mark: SpectrogramPicture.Mark) -> Bool {
    mark.text.allSatisfy(\.isWhitespace)
  }

  /// The left and right edge of a mark, inside the panel and never too narrow to be seen.
  private func extent(
    of mark: SpectrogramPicture.Mark, in box: Rectangle
  ) -> (from: Double, to: Double) {
    let from = min(max(x(at: mark.start), box.x), box.maxX - 2)
    return (from, max(from + 2, min(x(at: mark.end), box.maxX)))
  }

  private func drawConfidenceScale(beside box: Rectangle, on canvas: Canvas) {
    let bar = Rectangle(x: box.maxX + 14, y: box.y + 18, width: 64, height: 10)
    for column in 0..<64 {
      canvas.fill(
        Rectangle(x: bar.x + Double(column), y: bar.y, width: 1, height: bar.height),
        ColorMap.confidence[Float(column) / 63])
    }
    canvas.text("confidence", at: Point(x: bar.x, y: box.y + 7), .start, .init(size: 11))
    canvas.text("0", at: Point(x: bar.x, y: bar.maxY + 10), .start, .init(size: 11))
    canvas.text("1", at: Point(x: bar.maxX, y: bar.maxY + 10), .end, .init(size: 11))
  }
}
