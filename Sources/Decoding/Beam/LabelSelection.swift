#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The labels that a frame may add to a prefix, most probable first.
struct LabelSelection {
  /// A label and its log-probability.
  struct Choice {
    var label: Int32
    var value: Double
  }

  private(set) var choices: [Choice] = []
  /// The log-probability of the word delimiter, -∞ if it was left out.
  private(set) var delimiterValue = -Double.infinity
  /// The frame's log-probabilities, all numbers and none above 0.
  private(set) var values: [Double] = []

  private let delimiter: Int32
  private let minimum: Double
  private let maximumCount: Int
  private let mass: Double

  init(_ configuration: DecodingConfiguration, delimiter: Int32?) {
    self.delimiter = delimiter ?? -1
    minimum = configuration.minimumLogProbability.map(Double.init) ?? -.infinity
    maximumCount = configuration.maximumLabels ?? .max
    mass = Double(configuration.cumulativeProbability)
  }

  /// Chooses among the labels of one frame.
  mutating func select(_ row: Slice<UnsafeBufferPointer<Float>>) {
    values.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    for value in row { values.append(value.isNaN ? -.infinity : Double(min(value, 0))) }
    var best = Choice(label: -1, value: -.infinity)
    for label in values.indices.dropFirst() where values[label] > -.infinity {
      let choice = Choice(label: Int32(label), value: values[label])
      if choice.value > best.value { best = choice }
      if choice.value >= minimum { choices.append(choice) }
    }
    sortChoices()
    if choices.isEmpty, best.label >= 0 { choices.append(best) }
    if choices.count > maximumCount { choices.removeLast(choices.count - maximumCount) }
    if mass < 1 { cutMass() }
    takeOutDelimiter()
  }

  /// Most probable first, equal ones in the order of their labels.
  private mutating func sortChoices() {
    guard choices.count <= 32 else {
      choices.sort { ($1.value, $0.label) < ($0.value, $1.label) }
      return
    }
    for index in choices.indices.dropFirst() {
      let choice = choices[index]
      var place = index
      while place > 0, choices[place - 1].value < choice.value {
        choices[place] = choices[place - 1]
        place -= 1
      }
      choices[place] = choice
    }
  }

  /// Keeps the fewest labels, and at least one, that hold the wanted mass together with the blank.
  private mutating func cutMass() {
    var sum = exp(values[Alphabet.blank])
    var count = 0
    while count < choices.count, count == 0 || sum < mass {
      sum += exp(choices[count].value)
      count += 1
    }
    choices.removeLast(choices.count - count)
  }

  private mutating func takeOutDelimiter() {
    delimiterValue = -.infinity
    if let place = choices.firstIndex(where: { $0.label == delimiter }) {
      delimiterValue = choices[place].value
      choices.remove(at: place)
    }
  }
}
