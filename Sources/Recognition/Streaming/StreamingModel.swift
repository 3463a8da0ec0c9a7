import Tensors

/// A network that can be run while its input is still coming.
public protocol StreamingModel: SequenceModel {
  /// What keeps this network from it, as its configuration stands; nil if nothing does.
  var streamingObstacle: StreamingError? { get }
  /// How many input frames after the first one of an output frame must be there before the output
  /// frame is known.
  var framesAhead: Int { get }

  /// The state before the first frame of one sequence. Only where there is no obstacle.
  func begin() -> any LogitStream
}

/// A network on its way through one sequence whose frames arrive in blocks.
///
/// It is a value: a copy goes on by itself. However the frames are cut into blocks, the rows of all
/// calls after each other are those of the network over the whole sequence, and what is kept between
/// calls does not grow with the frames.
public protocol LogitStream: Sendable {
  /// Takes in the next frames, `[time, feature]`, perhaps none.
  ///
  /// - Returns: The logits that became known, `[time', label]`.
  mutating func advance(by features: Tensor) -> Tensor

  /// Ends the sequence; the stream takes no more frames afterwards.
  ///
  /// - Returns: The logits that are left, `[time', label]`.
  mutating func finish() -> Tensor

  /// The number of values kept between calls.
  var stateSize: Int { get }
}
