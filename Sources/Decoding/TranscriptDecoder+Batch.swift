import Tensors

extension TranscriptDecoder {
  /// The readings of several whole sequences, decoded on all threads.
  ///
  /// - Parameter batch: A matrix `[time, label]` for each sequence, of any lengths.
  /// - Returns: The readings of each sequence in the order of the batch, as ``decode(_:)`` gives them.
  public func decode(batch: [Tensor]) -> [[Hypothesis]] {
    [[Hypothesis]](unsafeUninitializedCapacity: batch.count) { results, count in
      let results = results
      WorkerPool.perform(batch.count) { index in
        (results.baseAddress! + index).initialize(to: decode(batch[index]))
      }
      count = batch.count
    }
  }
}
