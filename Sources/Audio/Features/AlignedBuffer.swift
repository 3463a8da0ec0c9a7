#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Scratch memory on a 64-byte boundary, as vectorised transforms want it.
final class AlignedBuffer {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  /// `count` zeros.
  init(count: Int) {
    var pointer: UnsafeMutableRawPointer?
    let bytes = max(64, count * MemoryLayout<Float>.stride)
    guard posix_memalign(&pointer, 64, bytes) == 0, let pointer else {
      preconditionFailure("AlignedBuffer: the system has no \(bytes) bytes left")
    }
    base = pointer.bindMemory(to: Float.self, capacity: count)
    base.initialize(repeating: 0, count: count)
    self.count = count
  }

  deinit { free(base) }
}
