/// Finds hot phrases in growing prefixes, after Aho and Corasick 1975.
///
/// A phrase counts where it stands between word delimiters, or anywhere if the alphabet has none. Every
/// occurrence earns the boost of its phrase. A phrase that is being written lends its part of the boost
/// to the rank of the prefix; it is gone when the next label does not fit.
struct HotWordAutomaton: Sendable {
  private struct State {
    /// The state of the longest proper suffix that begins a phrase.
    var fallback: Int32 = HotWordAutomaton.outside
    var depth = 0
    /// What is earned when a delimiter follows, or at once without delimiters.
    var earned: Float = 0
    /// What is lent to the rank.
    var lent: Float = 0
  }

  /// Where a phrase may begin.
  static let start: Int32 = 0
  /// Inside a word that begins no phrase.
  static let outside: Int32 = 1

  private var tree = ChildTable()
  private var states = [State(), State()]
  private let delimiter: Int32?
  /// The most by which one label raises what is lent.
  private(set) var largestLoan: Float = 0
  /// The most that one label earns.
  private(set) var largestGain: Float = 0

  /// - Parameter phrases: Labels with single delimiters between words, and what the whole earns.
  init(_ phrases: [(labels: [Int32], boost: Float)], delimiter: Int32?) {
    self.delimiter = delimiter
    _ = tree.addDetached()
    for phrase in phrases { insert(phrase.labels, phrase.boost) }
    let nodes = (0..<Int32(states.count)).filter { $0 > Self.outside }
    for node in nodes.sorted(by: { states[Int($0)].depth < states[Int($1)].depth }) { link(node) }
    // A state that is reached by falling back is no larger a step than from its own parent, for what a
    // state lends is at least what its suffixes lend.
    for node in nodes {
      let (state, parent) = (states[Int(node)], states[Int(tree.parent(of: node))])
      largestLoan = max(largestLoan, state.lent - parent.lent)
      largestGain = max(largestGain, state.earned)
    }
  }

  private mutating func insert(_ labels: [Int32], _ boost: Float) {
    var node = Self.start
    for (index, label) in labels.enumerated() {
      node = tree.childAdding(to: node, by: label)
      if states.count < tree.count { states.append(State()) }
      states[Int(node)].depth = index + 1
      // Without delimiters the boost of a whole phrase is earned at once and need not be lent.
      if delimiter != nil || index + 1 < labels.count {
        let part = boost * Float(index + 1) / Float(labels.count)
        states[Int(node)].lent = max(states[Int(node)].lent, part)
      }
    }
    let known = states[Int(node)].earned
    states[Int(node)].earned = known == 0 ? boost : max(known, boost)
  }

  /// Sets what a node has from its suffix, whose own is set already.
  private mutating func link(_ node: Int32) {
    let parent = tree.parent(of: node)
    let suffix = next(states[Int(parent)].fallback, tree.label(of: node))
    states[Int(node)].fallback = suffix
    states[Int(node)].earned += states[Int(suffix)].earned
    states[Int(node)].lent = max(states[Int(node)].lent, states[Int(suffix)].lent)
  }

  /// The state after a label.
  func next(_ state: Int32, _ label: Int32) -> Int32 {
    var state = state
    while state != Self.outside {
      let child = tree.child(of: state, by: label)
      if child >= 0 { return child }
      state = states[Int(state)].fallback
    }
    return delimiter == nil || label == delimiter ? Self.start : Self.outside
  }

  /// What the label that leads from one state to another earns.
  func earned(from state: Int32, by label: Int32, to next: Int32) -> Float {
    guard let delimiter else { return states[Int(next)].earned }
    return label == delimiter ? states[Int(state)].earned : 0
  }

  /// What the end of the text earns.
  func earnedAtEnd(_ state: Int32) -> Float { delimiter == nil ? 0 : states[Int(state)].earned }

  /// What the phrase that is being written lends to the rank.
  func lent(_ state: Int32) -> Float { states[Int(state)].lent }
}
