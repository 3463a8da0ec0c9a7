import Tensors
import Testing

@Suite struct TensorTests {
  @Test func copiesDoNotShareWrites() {
    let original = Tensor([1, 2, 3, 4], shape: [2, 2])
    var copy = original
    copy[1, 0] = 9
    #expect(original.scalars == [1, 2, 3, 4])
    #expect(copy.scalars == [1, 2, 9, 4])
  }

  @Test func blocksAreAlignedAndReused() {
    let sizes = [1, 15, 17, 63, 65, 1000, 123_457]
    for size in sizes {
      let tensor = Tensor(zeros: [size])
      tensor.withUnsafeBufferPointer {
        #expect(Int(bitPattern: $0.baseAddress) % 64 == 0)
      }
    }
  }

  @Test func workersCoverEveryIndexOnce() {
    var hits = Tensor(zeros: [1001])
    hits.withUnsafeMutableBufferPointer { buffer in
      let base = SharedPointer(buffer)
      WorkerPool.performRanges(1001, minimum: 10, multiple: 16) { range in
        for index in range { base[index] += 1 }
      }
    }
    #expect(hits.scalars.allSatisfy { $0 == 1 })
  }
}

/// Test loops write disjoint ranges, as the library's do.
private struct SharedPointer {
  let base: UnsafeMutablePointer<Float>
  init(_ buffer: UnsafeMutableBufferPointer<Float>) { base = buffer.baseAddress! }
  subscript(index: Int) -> Float {
    get { base[index] }
    nonmutating set { base[index] = newValue }
  }
}
