/// A dense array of 32-bit floats in row-major order, with value semantics.
///
/// Copies share storage until one of them is written. Storage is 64-byte aligned and comes from
/// ``StoragePool``.
public struct Tensor: Sendable {
  /// The extents, outermost first.
  public private(set) var shape: Shape
  private var storage: Storage

  /// A tensor whose elements are not yet set.
  ///
  /// Every element must be written before it is read.
  package init(uninitialized shape: Shape) {
    self.shape = shape
    storage = Storage(count: shape.count)
  }

  /// A tensor that `body` fills: it receives all `shape.count` elements, unset.
  public init(
    unsafeUninitialized shape: Shape,
    initializedBy body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    self.init(uninitialized: shape)
    withUnsafeMutableBufferPointer(body)
  }

  /// A tensor of one value.
  public init(repeating value: Float, _ shape: Shape) {
    let span = Profile.open(.copying)
    self.init(unsafeUninitialized: shape) { $0.update(repeating: value) }
    span.close()
  }

  /// A tensor of zeros.
  public init(zeros shape: Shape) { self.init(repeating: 0, shape) }

  /// A tensor with these elements in row-major order.
  public init(_ scalars: some Collection<Float>, shape: Shape) {
    precondition(
      scalars.count == shape.count,
      "Tensor: got \(scalars.count) scalars, shape \(shape) needs \(shape.count)")
    self.init(unsafeUninitialized: shape) { _ = $0.update(fromContentsOf: scalars) }
  }

  /// A vector.
  public init(_ scalars: [Float]) { self.init(scalars, shape: [scalars.count]) }

  /// A matrix from rows of equal length.
  public init(rows: [[Float]]) {
    let width = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "Tensor: rows of different lengths")
    self.init(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// A tensor without axes.
  public init(scalar value: Float) { self.init([value], shape: []) }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The elements in row-major order.
  public var scalars: [Float] { withUnsafeBufferPointer { Array($0) } }

  /// The only element of a tensor of one.
  public var item: Float {
    precondition(count == 1, "Tensor.item: shape \(shape) has \(count) elements, expected 1")
    return withUnsafeBufferPointer { $0[0] }
  }

  /// One element, for tests and small loops; bulk work goes through the buffer pointers.
  public subscript(_ indices: Int...) -> Float {
    get { withUnsafeBufferPointer { $0[offset(indices)] } }
    set {
      let position = offset(indices)
      withUnsafeMutableBufferPointer { $0[position] = newValue }
    }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "Tensor: \(indices.count) indices for shape \(shape)")
    return zip(indices, shape.extents).reduce(0) { sum, pair in
      precondition(pair.0 >= 0 && pair.0 < pair.1, "Tensor: index \(indices) outside \(shape)")
      return sum * pair.1 + pair.0
    }
  }

  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "Tensor.reshaped: \(self.shape) has not as many as \(shape)")
    var copy = self
    copy.shape = shape
    return copy
  }

  /// Calls `body` with the elements, valid during the call only.
  public func withUnsafeBufferPointer<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.buffer.base, count: shape.count))
  }

  /// Calls `body` with the elements for writing, after making this the storage's only owner.
  public mutating func withUnsafeMutableBufferPointer<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.buffer.base, count: shape.count))
  }

  /// Whether both are copies of one value of which none was written since, found without a look at
  /// the elements.
  package func isIdentical(to other: Tensor) -> Bool {
    storage === other.storage && shape == other.shape
  }

  private mutating func makeUnique() {
    guard !isKnownUniquelyReferenced(&storage) else { return }
    let span = Profile.open(.copying)
    defer { span.close() }
    let copy = Storage(count: shape.count)
    copy.buffer.base.update(from: storage.buffer.base, count: shape.count)
    storage = copy
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal; NaN differs from itself.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape
      && left.withUnsafeBufferPointer { a in
        right.withUnsafeBufferPointer { b in a.elementsEqual(b) }
      }
  }
}
