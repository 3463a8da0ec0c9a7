import Ink
import Tensors
import Testing

@Suite struct DamagedDocumentTests {
  private let names = [
    "transkribus.xml", "escriptorium-page.xml", "aletheia.xml", "escriptorium-alto.xml",
    "kraken-alto.xml", "library-alto.xml",
  ]

  /// Bytes changed, removed, doubled or put elsewhere: a page of sound lines, or an error, and no crash.
  @Test func damageGivesAnErrorOrSoundLines() throws {
    var random = RandomSource(seed: 5)
    var (read, refused) = (0, 0)
    for name in names {
      let original = try Pages.bytes(name)
      for _ in 0..<150 {
        var bytes = original
        for _ in 0...Int(random.next() % 3) { damage(&bytes, &random) }
        do throws(DocumentError) {
          let page =
            name.contains("alto")
            ? try ALTOFile.read(bytes, name: name, dotsPerInch: 300)
            : try PageXMLFile.read(bytes, name: name)
          read += 1
          for line in page.lines {
            #expect(line.polygon.count >= 3 && line.text != "")
            #expect(line.polygon.allSatisfy { abs($0.x) <= 5e6 && abs($0.y) <= 5e6 })
          }
        } catch {
          refused += 1
          #expect("\(error)".hasPrefix(name))
        }
      }
    }
    #expect(read > 50 && refused > 50)
  }

  private func damage(_ bytes: inout [UInt8], _ random: inout RandomSource) {
    let place = Int(random.next() % UInt64(bytes.count - 40))
    let piece = place..<place + Int(random.next() % 40)
    switch random.next() % 4 {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes.removeSubrange(piece)
    case 2: bytes.insert(contentsOf: bytes[piece], at: place)
    // Digits become other digits, so that numbers change and the XML stays whole.
    default:
      for index in bytes.indices where (0x30...0x39).contains(bytes[index]) {
        if random.next() % 8 == 0 { bytes[index] = 0x30 + UInt8(random.next() % 10) }
      }
    }
  }
}
