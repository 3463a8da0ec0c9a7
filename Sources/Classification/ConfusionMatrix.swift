/// How often each class was taken for each.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The names of the classes.
  public let classes: [String]
  /// `[class · classes.count + answer]`
  public private(set) var counts: [Int]

  /// Of these classes, nothing counted.
  public init(classes: [String]) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes.count * classes.count)
  }

  /// Counts an example of class `label` that was taken for `answer`.
  public mutating func add(label: Int, answer: Int) {
    precondition(
      classes.indices.contains(label) && classes.indices.contains(answer),
      "ConfusionMatrix: got \(label) and \(answer), expected below \(classes.count)")
    counts[label * classes.count + answer] += 1
  }

  /// How often examples of one class were taken for another.
  public subscript(label: Int, answer: Int) -> Int { counts[label * classes.count + answer] }

  /// The number of examples.
  public var count: Int { counts.reduce(0, +) }

  /// The number of wrong answers.
  public var wrongCount: Int {
    count - classes.indices.reduce(0) { $0 + self[$1, $1] }
  }

  /// The share of wrong answers; 0 if nothing was counted.
  public var errorRate: Double { count > 0 ? Double(wrongCount) / Double(count) : 0 }

  /// The share of a class's examples that were recognised; nil if there were none.
  public func recall(_ label: Int) -> Double? {
    let all = classes.indices.reduce(0) { $0 + self[label, $1] }
    return all > 0 ? Double(self[label, label]) / Double(all) : nil
  }

  /// The share of a class's answers that were right; nil if there were none.
  public func precision(_ label: Int) -> Double? {
    let all = classes.indices.reduce(0) { $0 + self[$1, label] }
    return all > 0 ? Double(self[label, label]) / Double(all) : nil
  }

  /// A table of all counts, a row for each class, with recall and precision in percent.
  public var text: String {
    var rows = [["class"] + classes + ["recall"]]
    for (label, name) in classes.enumerated() {
      rows.append(
        [name] + classes.indices.map { self[label, $0] == 0 ? "." : "\(self[label, $0])" }
          + [Self.percent(recall(label))])
    }
    rows.append(["precision"] + classes.indices.map { Self.percent(precision($0)) } + [""])
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row.enumerated().map { column, cell in
        let room = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + room : room + cell
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private static func percent(_ share: Double?) -> String {
    guard let share else { return "-" }
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
