/// A matrix over time as colours, with the sound wave above it and what was read below it.
public struct SpectrogramPicture: Picture {
  /// What the bins of a frame stand for.
  public enum Bins: Sendable {
    /// Frequencies in hertz, ascending, one for each bin.
    case hertz([Double])
    /// Numbers from 0, with this title.
    case numbered(String)
  }

  /// A text over its frames: a letter or a word.
  public struct Mark: Sendable {
    /// The text.
    public var text: String
    /// When it begins, in seconds.
    public var start: Double
    /// When it ends, in seconds.
    public var end: Double
    /// How sure the reader is, in `0...1`; the mark is coloured by it.
    public var confidence: Float

    /// A text heard from `start` to `end`.
    public init(text: String, start: Double, end: Double, confidence: Float) {
      (self.text, self.start, self.end, self.confidence) = (text, start, end, confidence)
    }
  }

  /// The line over the picture.
  public var title: String
  /// The numbers to draw.
  public var matrix: Matrix
  /// The seconds from one frame to the next.
  public var frameDuration: Double
  /// What the bins stand for.
  public var bins: Bins
  /// The unit of the numbers, beside the colour scale.
  public var unit = ""
  /// The sound, drawn above if there is any.
  public var waveform: [Float] = []
  /// The samples of the sound in a second.
  public var sampleRate = 16_000.0
  /// The letters or words, drawn below if there are any.
  public var marks: [Mark] = []

  /// A picture of `matrix`.
  public init(title: String, matrix: Matrix, frameDuration: Double, bins: Bins) {
    (self.title, self.matrix, self.frameDuration, self.bins) = (title, matrix, frameDuration, bins)
  }

  /// Draws the picture; its size is bounded whatever the length of the recording.
  public func draw() throws(PictureError) -> Drawing {
    check()
    let layout = SpectrogramLayout(self)
    let surface = try Surface(width: layout.width, height: layout.height)
    let canvas = try Canvas(surface)
    canvas.text(title, at: Point(x: 24, y: 26), .start, .init(size: 17, bold: true))
    try layout.drawMatrix(on: canvas)
    layout.drawFrequencies(on: canvas)
    layout.drawTime(on: canvas)
    if let box = layout.wave { layout.drawWaveform(in: box, on: canvas) }
    if let box = layout.letters { layout.drawMarks(in: box, on: canvas) }
    try canvas.finish()
    return Drawing(surface: surface, plots: layout.plots)
  }

  private func check() {
    precondition(
      frameDuration > 0 && frameDuration.isFinite && sampleRate > 0 && sampleRate.isFinite,
      "SpectrogramPicture: frames of \(frameDuration) s and \(sampleRate) samples in a second, "
        + "expected both finite and over 0")
    if case .hertz(let centers) = bins {
      precondition(
        centers.count == matrix.binCount,
        "SpectrogramPicture: \(centers.count) frequencies, expected \(matrix.binCount)")
    }
  }
}
