import Tensors

/// Examples for a classifier: rows of features, with the class or the numbers that belong to each.
public struct Examples: Sendable {
  /// The features, row after row.
  public enum Values: Sendable {
    /// The numbers of a table.
    case numbers([Float])
    /// The pixels of pictures, 255 for ink.
    case pixels([UInt8])
  }

  /// How errors and results call an example.
  public enum Places: Sendable {
    /// Rows of a table, by their lines.
    case lines(file: String, numbers: [Int])
    /// Pictures of an IDX file, counted from 0.
    case items(file: String, indices: [Int])
    /// Picture files.
    case files([String])
  }

  /// The features, row after row.
  public let values: Values
  /// The number of features of an example.
  public let featureCount: Int
  /// Where each example comes from.
  public let places: Places
  /// The class of each example, an index of the model's classes; empty where none are known.
  public internal(set) var labels: [Int] = []
  /// The numbers that belong to each example, row after row; empty where none are known.
  public internal(set) var targets: [Float] = []

  /// Examples of which neither class nor numbers are known yet.
  public init(_ values: Values, featureCount: Int, places: Places) {
    precondition(
      featureCount > 0 && values.count.isMultiple(of: featureCount)
        && values.count / featureCount == places.count,
      "Examples: got \(values.count) values of \(featureCount) features for \(places.count) places")
    (self.values, self.featureCount, self.places) = (values, featureCount, places)
  }

  /// Examples of known classes.
  public init(_ values: Values, featureCount: Int, places: Places, labels: [Int]) {
    self.init(values, featureCount: featureCount, places: places)
    precondition(labels.count == count, "Examples: got \(labels.count) labels for \(count)")
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { places.count }

  /// What an example is called.
  public func place(_ index: Int) -> String {
    switch places {
    case .lines(let file, let numbers): "\(file):\(numbers[index])"
    case .items(let file, let indices): "\(file)[\(indices[index])]"
    case .files(let files): files[index]
    }
  }

  /// Some of the examples, in the order of `indices`.
  public func subset(_ indices: [Int]) -> Examples {
    let size = featureCount
    func rows<Element>(_ all: [Element], _ size: Int) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(indices.count * size)
      for index in indices { result += all[index * size..<(index + 1) * size] }
      return result
    }
    let values: Values =
      switch self.values {
      case .numbers(let all): .numbers(rows(all, size))
      case .pixels(let all): .pixels(rows(all, size))
      }
    var subset = Examples(values, featureCount: size, places: places.subset(indices))
    if !labels.isEmpty { subset.labels = rows(labels, 1) }
    if !targets.isEmpty { subset.targets = rows(targets, targets.count / count) }
    return subset
  }

  /// The features of some examples as floats, `[indices.count, featureCount]`.
  public func features(_ indices: some Collection<Int>) -> Tensor {
    let size = featureCount
    return Tensor(unsafeUninitialized: [indices.count, size]) { output in
      guard var row = output.baseAddress else { return }
      for index in indices {
        copyFeatures(of: index, to: row)
        row += size
      }
    }
  }

  private func copyFeatures(of index: Int, to row: UnsafeMutablePointer<Float>) {
    switch values {
    case .numbers(let all):
      all.withUnsafeBufferPointer { all in
        for column in 0..<featureCount { row[column] = all[index * featureCount + column] }
      }
    case .pixels(let all):
      all.withUnsafeBufferPointer { all in
        for column in 0..<featureCount {
          row[column] = Float(all[index * featureCount + column]) * (1 / 255)
        }
      }
    }
  }
}

extension Examples.Values {
  /// How many there are.
  public var count: Int {
    switch self {
    case .numbers(let all): all.count
    case .pixels(let all): all.count
    }
  }
}

extension Examples.Places {
  /// How many there are.
  public var count: Int {
    switch self {
    case .lines(_, let numbers): numbers.count
    case .items(_, let indices): indices.count
    case .files(let files): files.count
    }
  }

  fileprivate func subset(_ indices: [Int]) -> Self {
    switch self {
    case .lines(let file, let all): .lines(file: file, numbers: indices.map { all[$0] })
    case .items(let file, let all): .items(file: file, indices: indices.map { all[$0] })
    case .files(let all): .files(indices.map { all[$0] })
    }
  }
}
