/// One line of a metrics log: what was measured over an interval of steps, or over an epoch.
public struct MetricsRecord: Sendable, Equatable {
  /// What a record sums up.
  public enum Kind: String, Sendable {
    /// The steps since the record before.
    case step
    /// A whole epoch, with its validation.
    case epoch
  }

  /// What the record sums up.
  public var kind: Kind
  /// The epoch, from 1.
  public var epoch: Int
  /// How many steps the training has done.
  public var step: Int
  /// The mean training loss per sample, in nats.
  public var loss: Double?
  /// The learning rate of the last step.
  public var learningRate: Double?
  /// The norm of the last gradient before clipping.
  public var gradientNorm: Double?
  /// Frames of input, without padding, per second of wall time.
  public var framesPerSecond: Double?
  /// Seconds of wall time since this run began.
  public var seconds: Double?
  /// Steps left out so far because loss or gradient was not finite.
  public var skippedSteps: Int?
  /// Samples left out so far because they could not be loaded.
  public var droppedSamples: Int?
  /// The mean loss per sample of the validation set, in nats.
  public var validationLoss: Double?
  /// What the validation set showed.
  public var measures: [Measure: Double] = [:]
  /// What the time went into since the profile before: milliseconds per step by kind of work, and
  /// what else ``ProfileReport/values`` holds.
  public var profile: [String: Double]?

  /// A record without measurements.
  public init(kind: Kind, epoch: Int, step: Int) {
    self.kind = kind
    self.epoch = epoch
    self.step = step
  }

  private static let measurements: [(String, WritableKeyPath<Self, Double?> & Sendable)] = [
    ("loss", \.loss), ("validationLoss", \.validationLoss),
    ("learningRate", \.learningRate), ("gradientNorm", \.gradientNorm),
    ("framesPerSecond", \.framesPerSecond), ("seconds", \.seconds),
  ]
  private static let counts: [(String, WritableKeyPath<Self, Int?> & Sendable)] = [
    ("skippedSteps", \.skippedSteps), ("droppedSamples", \.droppedSamples),
  ]

  /// The record as one JSON object; a measurement that is not finite is null.
  public var json: String {
    var fields = [
      "\"kind\": \(JSONValue.quoted(kind.rawValue))", "\"epoch\": \(epoch)", "\"step\": \(step)",
    ]
    for (name, path) in Self.measurements {
      guard let value = self[keyPath: path] else { continue }
      fields.append("\"\(name)\": \(value.isFinite ? "\(value)" : "null")")
    }
    for measure in Measure.allCases {
      guard let value = measures[measure] else { continue }
      fields.append("\"\(measure.rawValue)\": \(value.isFinite ? "\(value)" : "null")")
    }
    for (name, path) in Self.counts {
      if let value = self[keyPath: path] { fields.append("\"\(name)\": \(value)") }
    }
    if let profile {
      let values = profile.sorted { $0.key < $1.key }.filter(\.value.isFinite)
      let members = values.map { "\(JSONValue.quoted($0.key)): \($0.value)" }
      fields.append("\"profile\": {\(members.joined(separator: ", "))}")
    }
    return "{\(fields.joined(separator: ", "))}"
  }

  /// Reads a record back; nil if the text is not one. Unknown keys are left alone, null is NaN.
  package init?(json: String) {
    guard case .object(let members)? = try? JSONValue(parsing: json),
      case .string(let kindName)? = members["kind"], let kind = Kind(rawValue: kindName),
      let epoch = members["epoch"]?.integer, let step = members["step"]?.integer
    else { return nil }
    self.init(kind: kind, epoch: epoch, step: step)
    for (name, path) in Self.measurements {
      switch members[name] {
      case .number(let value): self[keyPath: path] = value
      case .null: self[keyPath: path] = .nan
      default: continue
      }
    }
    for measure in Measure.allCases {
      switch members[measure.rawValue] {
      case .number(let value): measures[measure] = value
      case .null: measures[measure] = .nan
      default: continue
      }
    }
    for (name, path) in Self.counts { self[keyPath: path] = members[name]?.integer }
    if case .object(let values)? = members["profile"] {
      profile = values.compactMapValues { value in
        if case .number(let number) = value { number } else { nil }
      }
    }
  }
}

extension JSONValue {
  /// A whole number, or nil.
  var integer: Int? {
    guard case .number(let value) = self else { return nil }
    return Int(exactly: value)
  }

  /// A text as a JSON string with its quotes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
