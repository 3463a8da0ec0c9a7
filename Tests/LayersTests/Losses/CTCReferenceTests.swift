import Foundation
import Layers
import TestSupport
import Tensors
import Testing

/// Costs and gradients of PyTorch, made by `ctc_reference.py`.
@Suite struct CTCReferenceTests {
  struct Case: Decodable {
    let frames: Int
    let labels: Int
    let blank: Int
    let lengths: [Int]
    let targets: [[Int]]
    let costs: [Float]
    let mean: Float
    let gradientFrames: [Int]
    let gradient: [Float]

    /// As in the script.
    var logits: Tensor {
      let shape: Shape = [frames, lengths.count, labels]
      let scalars = (0..<shape.count).map { (i: Int) -> Float in
        let mixed = i * 7919 + (i / 13) * 104_729
        return Float(mixed % 1001) / 125 - 4
      }
      return Tensor(scalars, shape: shape)
    }
  }

  private static func load() throws -> [Case] {
    let url = try #require(
      Bundle.module.url(forResource: "ctc_reference", withExtension: "json"))
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
  }

  @Test func equalsPyTorch() throws {
    for reference in try Self.load() {
      let found = ctc(
        reference.logits, reference.lengths, reference.targets, blank: reference.blank,
        infeasible: .zeroed, reduction: .mean, normalizesByTargetLength: true)
      // Of 700 frames, each adds a rounded logarithm: 700 · 2⁻²⁴ of values near ten.
      expectClose(found.costs, reference.costs, absolute: 1e-5, relative: 2e-6)
      expectClose([found.loss], [reference.mean], absolute: 1e-5, relative: 2e-6)
      let rowSize = reference.lengths.count * reference.labels
      let rows = reference.gradientFrames.flatMap {
        found.gradient.scalars[$0 * rowSize..<($0 + 1) * rowSize]
      }
      expectClose(
        rows, reference.gradient, absolute: 2e-6, relative: 1e-4,
        "gradient, \(reference.frames) frames")
    }
  }
}
