import Tensors

/// Samples of similar length, ready for a step.
public struct Batch: Sendable {
  /// The batch's place in its epoch, from 0.
  public var index: Int
  /// `[time, batch, feature]`, longest sample first; zeros after a sample's end.
  public var features: Tensor
  /// The number of frames of each sample.
  public var frameLengths: [Int]
  /// The labels of each transcript.
  public var targets: [[Int]]
  /// The samples, in the same order.
  public var samples: [Sample]
  /// The samples of the plan that could not be loaded. If all were, the batch is empty.
  public var problems: [SampleProblem]

  /// The number of samples.
  public var count: Int { samples.count }
  /// Whether no sample could be loaded.
  public var isEmpty: Bool { samples.isEmpty }
  /// What was not loaded, in words.
  public var dropped: [String] { problems.map(\.description) }
  /// The frames of all samples, without padding.
  public var frameCount: Int { frameLengths.reduce(0, +) }

  /// Puts items side by side, the longest first and equal ones in the order given.
  ///
  /// - Parameter featureSize: The width of a frame, which an empty batch needs.
  public init(
    index: Int, items: [SamplePipeline.Item], dropped: [SampleProblem], featureSize: Int
  ) {
    let lengths = items.map { $0.features.shape[0] }
    let order = items.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    self.index = index
    problems = dropped
    frameLengths = order.map { lengths[$0] }
    targets = order.map { items[$0].target }
    samples = order.map { items[$0].sample }
    features = Self.pad(order.map { items[$0].features }, featureSize: featureSize)
  }

  private static func pad(_ rows: [Tensor], featureSize: Int) -> Tensor {
    let (time, count) = (rows.first?.shape[0] ?? 0, rows.count)
    return Tensor(unsafeUninitialized: [time, count, featureSize]) { target in
      target.update(repeating: 0)
      for (row, features) in rows.enumerated() {
        precondition(
          features.shape.extents == [features.shape[0], featureSize],
          "Batch: got features \(features.shape), expected [time, \(featureSize)]")
        features.withUnsafeBufferPointer { source in
          for frame in 0..<features.shape[0] {
            let place = (frame * count + row) * featureSize
            _ = target[place..<place + featureSize].update(
              fromContentsOf: source[frame * featureSize..<(frame + 1) * featureSize])
          }
        }
      }
    }
  }
}
