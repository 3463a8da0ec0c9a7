/// The nodes of a tree and, by open addressing, the child of a node by a label.
///
/// Node 0 is the root. A child always has a higher number than its parent.
struct ChildTable: Sendable {
  /// Parent and label of each node, `parent << 32 | label`.
  private(set) var keys: [UInt64]
  /// The number of a node in the lower half, bits of its key's hash in the upper; all ones is free.
  private var slots: [UInt64]
  /// How far the hash is shifted to be a place.
  private var shift: UInt64

  private static let rootKey = UInt64.max
  private static let free = UInt64.max
  private static let smallestSize = 64

  init() {
    keys = [Self.rootKey]
    slots = [UInt64](repeating: Self.free, count: Self.smallestSize)
    shift = UInt64(64 - Self.smallestSize.trailingZeroBitCount)
  }

  var count: Int { keys.count }

  /// The parent of a node; -1 for the root.
  func parent(of node: Int32) -> Int32 { Int32(truncatingIfNeeded: keys[Int(node)] >> 32) }

  /// The label by which a node hangs from its parent.
  func label(of node: Int32) -> Int32 { Int32(truncatingIfNeeded: keys[Int(node)]) }

  @inline(__always)
  private static func key(_ parent: Int32, _ label: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: label))
  }

  /// The upper bits choose the place, the lower tell keys apart without a look at them.
  @inline(__always)
  private static func hash(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

  @inline(__always)
  private static func slot(_ hash: UInt64, _ node: Int32) -> UInt64 {
    hash << 32 | UInt64(UInt32(bitPattern: node))
  }

  /// The child of a node by a label; -1 if there is none.
  @inline(__always)
  func child(of parent: Int32, by label: Int32) -> Int32 {
    let key = Self.key(parent, label)
    let hash = Self.hash(key)
    let (tag, mask) = (hash << 32, slots.count &- 1)
    return slots.withUnsafeBufferPointer { slots in
      var place = Int(truncatingIfNeeded: hash &>> shift)
      while true {
        let slot = slots[place]
        if slot == Self.free { return -1 }
        if slot & 0xFFFF_FFFF_0000_0000 == tag {
          let node = Int32(truncatingIfNeeded: slot)
          if keys[Int(node)] == key { return node }
        }
        place = (place &+ 1) & mask
      }
    }
  }

  /// Adds a child that the node has not yet, and returns its number.
  mutating func add(to parent: Int32, by label: Int32) -> Int32 {
    if keys.count * 2 > slots.count { rehash(slots.count * 2) }
    let node = Int32(keys.count)
    keys.append(Self.key(parent, label))
    place(node)
    return node
  }

  /// The child, added if the node has not got it.
  mutating func childAdding(to parent: Int32, by label: Int32) -> Int32 {
    let node = child(of: parent, by: label)
    return node >= 0 ? node : add(to: parent, by: label)
  }

  /// Adds a node that no search finds, and returns its number.
  mutating func addDetached() -> Int32 {
    keys.append(Self.rootKey)
    return Int32(keys.count - 1)
  }

  private mutating func place(_ node: Int32) {
    let (hash, mask) = (Self.hash(keys[Int(node)]), slots.count - 1)
    var place = Int(truncatingIfNeeded: hash &>> shift)
    while slots[place] != Self.free { place = (place + 1) & mask }
    slots[place] = Self.slot(hash, node)
  }

  private mutating func rehash(_ size: Int) {
    slots = [UInt64](repeating: Self.free, count: size)
    shift = UInt64(64 - size.trailingZeroBitCount)
    for node in keys.indices where keys[node] != Self.rootKey { place(Int32(node)) }
  }

  /// Keeps the nodes that have a new number, which keeps their order.
  mutating func compact(_ renumbered: [Int32], count: Int) {
    var kept = [UInt64](repeating: Self.rootKey, count: count)
    for (old, new) in renumbered.enumerated() where old > 0 && new >= 0 {
      let node = Int32(old)
      kept[Int(new)] = Self.key(renumbered[Int(parent(of: node))], label(of: node))
    }
    keys = kept
    var size = Self.smallestSize
    while size < count * 4 { size *= 2 }
    rehash(size)
  }
}
