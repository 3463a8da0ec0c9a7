/// What a model remembers of the words before: the nodes of the contexts that can matter.
///
/// If two states are equal, no word that follows can tell their pasts apart in this model, so that
/// hypotheses of equal states can be joined. A state belongs to the model that made it.
public struct NGramState: Sendable {
  /// The longest context.
  static let capacity = 15
  /// No n-gram.
  static let none = UInt32.max

  private typealias Storage = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  private static let empty = UInt64.max

  /// Sixteen 32-bit numbers: the node of the last word, of the last two, ...; at last the length.
  private var storage: Storage = (
    empty, empty, empty, empty, empty, empty, empty, UInt64(UInt32.max).littleEndian
  )

  init() {}

  /// The number of words in the longest context that matters.
  public var length: Int { Int(self[Self.capacity + 1]) }

  /// The node of the last `count` words, or none.
  subscript(_ count: Int) -> UInt32 {
    @inline(__always) get {
      withUnsafeBytes(of: storage) {
        $0.load(fromByteOffset: 4 &* (count &- 1), as: UInt32.self)
      }
    }
    @inline(__always) set {
      withUnsafeMutableBytes(of: &storage) {
        $0.storeBytes(of: newValue, toByteOffset: 4 &* (count &- 1), as: UInt32.self)
      }
    }
  }

  /// Remembers a context; longer ones come first.
  @inline(__always)
  mutating func remember(_ node: UInt32, _ count: Int) {
    self[count] = node
    if self[Self.capacity &+ 1] == 0 {
      self[Self.capacity &+ 1] = UInt32(truncatingIfNeeded: count)
    }
  }
}

extension NGramState: Hashable {
  /// Whether no word that follows can tell the two pasts apart.
  public static func == (first: NGramState, second: NGramState) -> Bool {
    let (a, b) = (first.storage, second.storage)
    return a.7 == b.7 && a.0 == b.0 && a.1 == b.1 && a.2 == b.2 && a.3 == b.3 && a.4 == b.4
      && a.5 == b.5 && a.6 == b.6
  }

  /// Feeds the contexts that are remembered.
  public func hash(into hasher: inout Hasher) {
    withUnsafeBytes(of: storage) {
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[..<(4 * length)]))
    }
  }
}
