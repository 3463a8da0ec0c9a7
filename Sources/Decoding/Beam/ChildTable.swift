/// The nodes of a tree and, by open addressing, the child of a node by a label.
///
/// Node 0 is the root. A child always has a higher number than its parent.
struct ChildTable: Sendable {
  /// Parent and label of each node, `parent << 32 | label`.
  private(set) var keys: [UInt64]
  private var slots: [Int32]

  private static let rootKey = UInt64.max

  init() {
    keys = [Self.rootKey]
    slots = [Int32](repeating: -1, count: 64)
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

  @inline(__always)
  private static func place(_ key: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  /// The child of a node by a label; -1 if there is none.
  @inline(__always)
  func child(of parent: Int32, by label: Int32) -> Int32 {
    let (key, mask) = (Self.key(parent, label), slots.count - 1)
    var place = Self.place(key, mask)
    while true {
      let node = slots[place]
      if node < 0 || keys[Int(node)] == key { return node }
      place = (place + 1) & mask
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
    let (key, mask) = (keys[Int(node)], slots.count - 1)
    var place = Self.place(key, mask)
    while slots[place] >= 0 { place = (place + 1) & mask }
    slots[place] = node
  }

  private mutating func rehash(_ size: Int) {
    slots = [Int32](repeating: -1, count: size)
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
    var size = 64
    while size < count * 4 { size *= 2 }
    rehash(size)
  }
}
