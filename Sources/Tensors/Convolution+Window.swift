import CKernels

/// The part of an image that some rows of outputs see, with zeros wherever there is no image:
/// `[channel][row][phase][pitch]`, column j of the part at phase j mod phases, place j / phases.
struct PaddedWindow {
  let channels: Int
  let rows: Int
  /// The distance of columns that lie beside each other.
  let phases: Int
  let pitch: Int

  var rowSize: Int { phases * pitch }
  var channelSize: Int { rows * rowSize }
  var count: Int { channels * channelSize }

  /// The distance of an element from the first.
  func offset(channel: Int, row: Int, column: Int) -> Int {
    channel * channelSize + row * rowSize + column % phases * pitch + column / phases
  }

  /// Copies the part of `image` that begins at a row and column, which may lie outside of it.
  func fill(
    _ window: UnsafeMutablePointer<Float>, from image: ImageSource, firstRow: Int,
    firstColumn: Int
  ) {
    for channel in 0..<channels {
      for row in 0..<rows {
        let target = window + channel * channelSize + row * rowSize
        let y = firstRow + row
        guard y >= 0, y < image.height else {
          target.update(repeating: 0, count: rowSize)
          continue
        }
        if let choices = image.choices {
          expand(image, choices, channel, y, before: -firstColumn, to: target)
          continue
        }
        let source = image.base + (channel * image.height + y) * image.width
        for phase in 0..<phases {
          copy(source, image.length, from: firstColumn + phase, to: target + phase * pitch)
        }
      }
    }
  }

  /// Every `phases`-th element of a row from the column `first` on.
  private func copy(
    _ source: UnsafePointer<Float>, _ length: Int, from first: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    func places(before column: Int) -> Int {
      max(0, min(pitch, (column - first + phases - 1) / phases))
    }
    let (start, end) = (places(before: 0), places(before: length))
    target.update(repeating: 0, count: start)
    if phases == 1, end > start {
      (target + start).update(from: source + first + start, count: end - start)
    } else {
      for place in start..<max(start, end) { target[place] = source[first + place * phases] }
    }
    let filled = max(start, end)
    (target + filled).update(repeating: 0, count: pitch - filled)
  }
}

extension PaddedWindow {
  /// A row of a gradient that lies at the greatest of each window of two by two, after so many
  /// zeros; there is one phase.
  private func expand(
    _ image: ImageSource, _ choices: UnsafePointer<UInt8>, _ channel: Int, _ y: Int,
    before start: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let place = (channel * image.height + y) / 2 * (image.width / 2)
    let end = max(start, min(pitch, start + image.length))
    let (pairs, first) = ((end - start) / 2, y % 2 * 2)
    target.update(repeating: 0, count: start)
    Kernels.active.maximum_halved_row(
      image.base + place, choices + place, Int32(first), target + start, pairs)
    if start + 2 * pairs < end {
      let last = place + pairs
      target[end - 1] = choices[last] == first ? image.base[last] : 0
    }
    (target + end).update(repeating: 0, count: pitch - end)
  }
}

/// One image `[channel][height][width]` of which the first `length` columns are valid.
struct ImageSource {
  let base: UnsafePointer<Float>
  let height: Int
  let width: Int
  let length: Int
  /// Not nil where only the greatest element of each window of two by two is there; which one, of
  /// four. Sizes are even, those of the image that the windows saw.
  var choices: UnsafePointer<UInt8>?

  /// With self the first image of a batch: image `b`, of which so many columns are valid; where
  /// they come in pairs, without an odd one.
  func item(_ b: Int, channels: Int, length: Int) -> ImageSource {
    let unit = choices == nil ? 1 : 2
    let start = b * channels * (height / unit) * (width / unit)
    return ImageSource(
      base: base + start, height: height, width: width, length: length / unit * unit,
      choices: choices.map { $0 + start })
  }
}

/// Rows of outputs cut into blocks of nearly equal height whose window fits a second-level cache.
///
/// The blocks depend on sizes alone, never on the number of threads.
struct RowBlocks {
  private let units: Int
  /// Every block begins at a multiple of so many rows.
  private let unit: Int
  let count: Int

  /// - Parameters:
  ///   - rows: Of outputs; a multiple of `unit`.
  ///   - floatsPerRow: How much one more row of outputs adds to the window.
  init(rows: Int, unit: Int = 1, floatsPerRow: Int) {
    let room = 65_536 / max(1, floatsPerRow)
    let tallest = max(1, min(rows, max(4, room)) / unit)
    (self.unit, units) = (unit, rows / unit)
    count = max(1, (units + tallest - 1) / tallest)
  }

  /// Rows of the tallest block.
  var tallest: Int { (units + count - 1) / count * unit }

  subscript(block: Int) -> Range<Int> {
    units * block / count * unit..<units * (block + 1) / count * unit
  }
}

extension scribe_packing {
  /// The next whole number of vectors.
  func wholeVectors(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }
}

/// Weights as the kernel reads them.
struct PackedKernel {
  private let storage: Tensor

  /// Packs `[output, inner]`.
  init(_ weight: Tensor, outputs: Int, inner: Int) {
    let kernels = Kernels.active
    let tile = kernels.packing.convolution_rows
    let size = (outputs + tile - 1) / tile * tile * inner
    storage = Tensor(unsafeUninitialized: [size]) { packed in
      weight.withUnsafeBufferPointer {
        kernels.convolution_pack($0.baseAddress, outputs, inner, packed.baseAddress)
      }
    }
  }

  func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    storage.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}

extension Tensor {
  /// Calls `body` with space for so many floats, unset.
  static func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    var scratch = Tensor(uninitialized: [max(1, count)])
    scratch.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }
}
