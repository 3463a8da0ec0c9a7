/// A value that several threads may hold at once although the compiler cannot prove it safe.
///
/// This is the one unchecked `Sendable` type of the package. It wraps two things: the address of a
/// pooled block and the body of a parallel loop. Both are safe because of two rules that their
/// users keep: a block is written only while one owner holds it (`Tensor` checks uniqueness before
/// it hands out a mutable pointer), and the iterations of a parallel loop write disjoint index
/// ranges and are all finished when ``WorkerPool`` returns.
struct Shared<Value>: @unchecked Sendable {
  let value: Value
}

/// A pooled block of floats.
typealias SharedBuffer = Shared<UnsafeMutableBufferPointer<Float>>

extension SharedBuffer {
  var base: UnsafeMutablePointer<Float> { value.baseAddress! }
  var capacity: Int { value.count }
}
