/// The extents of a tensor, outermost first; the last one is contiguous in memory.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extent of each axis.
  public let extents: [Int]

  /// A shape with these extents, each of which must not be negative.
  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(extents)")
    self.extents = extents
  }

  /// A shape with these extents.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The number of elements.
  public var count: Int { extents.reduce(1, *) }

  /// The extent of one axis; negative indices count from the last.
  public subscript(axis: Int) -> Int { extents[axis < 0 ? rank + axis : axis] }

  /// The number of rows if all axes but the last are laid out one after another.
  public var rowCount: Int { extents.dropLast().reduce(1, *) }

  /// The extent of the last axis; 1 for a scalar.
  public var rowSize: Int { extents.last ?? 1 }

  /// As an array: `[2, 3]`.
  public var description: String { "\(extents)" }
}
