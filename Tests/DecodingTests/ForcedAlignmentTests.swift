import Decoding
import Foundation
import Tensors
import Testing

/// Every way to write `labels` in `time` frames: the label of each frame, blanks included.
private func paths(of labels: [Int], time: Int, labelCount: Int) -> [[Int]] {
  var all: [[Int]] = [[]]
  for _ in 0..<time { all = all.flatMap { path in (0..<labelCount).map { path + [$0] } } }
  return all.filter { path in
    var collapsed: [Int] = []
    for (index, label) in path.enumerated() where index == 0 || path[index - 1] != label {
      collapsed.append(label)
    }
    return collapsed.filter { $0 != 0 } == labels
  }
}

private func score(_ path: [Int], _ matrix: Tensor) -> Double {
  path.enumerated().reduce(0) { $0 + Double(matrix[$1.offset, $1.element]) }
}

@Suite struct ForcedAlignmentTests {
  @Test(arguments: 0..<120) func bestOfAllPaths(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 2)
    let time = source.integer(in: 1...7)
    let labelCount = source.integer(in: 2...3)
    let count = source.integer(in: 0...3)
    let labels = (0..<count).map { _ in source.integer(in: 1...labelCount - 1) }
    let matrix = randomLogProbabilities(&source, time: time, labels: labelCount)
    let all = paths(of: labels, time: time, labelCount: labelCount)
    let needed = ForcedAlignment.framesNeeded(for: labels)
    guard let best = all.map({ score($0, matrix) }).max() else {
      #expect(throws: AlignmentError.tooFewFrames(available: time, needed: needed)) {
        try ForcedAlignment(of: labels, to: matrix)
      }
      return
    }
    #expect(time >= needed)
    let alignment = try ForcedAlignment(of: labels, to: matrix)
    #expect(abs(alignment.logProbability - best) < 1e-9, "seed \(seed)")
    #expect(alignment.spans.map(\.label) == labels)
    var path = [Int](repeating: 0, count: time)
    for span in alignment.spans {
      for frame in span.start..<span.end { path[frame] = span.label }
      let mean = (span.start..<span.end).reduce(0) { $0 + matrix[$1, span.label] }
      #expect(abs(span.confidence - exp(mean / Float(span.end - span.start))) < 1e-5)
    }
    #expect(abs(score(path, matrix) - best) < 1e-9, "seed \(seed): \(path)")
    #expect(all.contains(path))
  }

  @Test func framesNeededAreEnough() throws {
    for (labels, needed) in [([], 0), ([1], 1), ([1, 1], 3), ([1, 2, 2, 2, 1], 7)] {
      #expect(ForcedAlignment.framesNeeded(for: labels) == needed)
      let matrix = Tensor(repeating: -1, [needed, 3])
      #expect(try ForcedAlignment(of: labels, to: matrix).spans.map(\.label) == labels)
      if needed > 0 {
        #expect(
          throws: AlignmentError.tooFewFrames(available: needed - 1, needed: needed)
        ) { try ForcedAlignment(of: labels, to: Tensor(repeating: -1, [needed - 1, 3])) }
      }
    }
  }

  @Test func impossiblePathsAreRefused() {
    let matrix = Tensor(rows: [[0, -.infinity], [0, .nan], [0, -.infinity]])
    #expect(throws: AlignmentError.impossible(frames: 3)) {
      try ForcedAlignment(of: [1], to: matrix)
    }
  }

  @Test func agreesWithTheGreedyPathWhereThatIsTheText() throws {
    let labels = [0, 1, 1, 0, 1, 2, 2, 0]
    let matrix = frames(labels, of: 3)
    let alignment = try ForcedAlignment(of: [1, 1, 2], to: matrix)
    #expect(alignment.spans == GreedyDecoder(labelCount: 3).best(matrix).spans)
  }
}
