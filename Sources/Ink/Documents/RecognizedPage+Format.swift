extension RecognizedPage {
  /// The smallest box with all lines in it.
  var textBox: PageBox? {
    guard let first = lines.first else { return nil }
    return lines.dropFirst().reduce(first.box) { $0.union($1.box) }
  }
}

extension RecognizedLine {
  /// Whether the line reads from right to left: by its first letter of any direction, as rule P2 of
  /// Unicode's bidirectional algorithm has it.
  var isRightToLeft: Bool {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x200E: return false
      case 0x200F, 0x061C: return true
      default:
        guard scalar.properties.isAlphabetic, !scalar.properties.isMark else { continue }
        return Self.rightToLeftBlocks.contains { $0.contains(scalar.value) }
      }
    }
    return false
  }

  /// The blocks whose letters have the classes R and AL: Hebrew to Arabic Extended-A, the presentation
  /// forms of both, and the planes' blocks that are set aside for such scripts.
  private static let rightToLeftBlocks: [ClosedRange<UInt32>] = [
    0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x1_0800...0x1_0FFF, 0x1_E800...0x1_EFFF,
  ]
}

extension Unicode.Scalar.Properties {
  /// Whether the scalar is put on another.
  fileprivate var isMark: Bool {
    switch generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }
}

/// How numbers are written.
enum PageFormat {
  /// Points as `x,y x,y`: whole pixels on the page, as PAGE wants them.
  static func points(_ points: [PagePoint], on page: RecognizedPage) -> String {
    points.map {
      "\(pixel($0.x, below: page.width)),\(pixel($0.y, below: page.height))"
    }.joined(separator: " ")
  }

  /// A box's part on the page.
  static func box(_ box: PageBox, on page: RecognizedPage) -> PageBox {
    let (left, top) = (min(max(0, box.x), page.width), min(max(0, box.y), page.height))
    let (right, bottom) = (
      min(max(left, box.right), page.width), min(max(top, box.bottom), page.height)
    )
    return PageBox(x: left, y: top, width: right - left, height: bottom - top)
  }

  private static func pixel(_ value: Double, below limit: Int) -> Int {
    Int(min(max(0, value), Double(limit)).rounded())
  }
}
