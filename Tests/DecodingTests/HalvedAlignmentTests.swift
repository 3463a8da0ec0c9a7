import Decoding
import Tensors
import Testing

/// Alignments too large for one trellis are found by halves, and are as good.
@Suite struct HalvedAlignmentTests {
  @Test(arguments: 0..<60) func halvesFindAsGoodAPath(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 41)
    let labelCount = source.integer(in: 2...5)
    let labels = (0..<source.integer(in: 0...20)).map { _ in source.integer(in: 1...labelCount - 1)
    }
    let time = ForcedAlignment.framesNeeded(for: labels) + source.integer(in: 0...40)
    let matrix = randomLogProbabilities(&source, time: max(1, time), labels: labelCount)
    let whole = try ForcedAlignment(of: labels, to: matrix)
    for bytes in [1, 64, 500] {
      let halved = try ForcedAlignment(of: labels, to: matrix, trellisBytes: bytes)
      #expect(abs(halved.logProbability - whole.logProbability) < 1e-9, "seed \(seed)")
      #expect(halved.spans.map(\.label) == labels, "seed \(seed)")
    }
  }

  @Test func impossiblePathsAreRefusedByHalvesToo() {
    let matrix = Tensor(rows: Array(repeating: [0, -.infinity], count: 9))
    #expect(throws: AlignmentError.impossible(frames: 9)) {
      try ForcedAlignment(of: [1], to: matrix, trellisBytes: 1)
    }
  }

  @Test func aTextThatFillsEveryFrame() throws {
    let labels = (0..<100).map { $0 % 2 + 1 }
    let matrix = Tensor(repeating: -1, [100, 3])
    let alignment = try ForcedAlignment(of: labels, to: matrix, trellisBytes: 1)
    #expect(alignment.spans.map(\.start) == Array(0..<100))
  }
}
