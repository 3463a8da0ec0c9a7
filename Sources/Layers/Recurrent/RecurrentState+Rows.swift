import Tensors

extension RecurrentState {
  /// What some rows of the batch remember, each as often as it is listed, in the order of the list.
  ///
  /// So several continuations can go out of one past: paths that are drawn, hypotheses of a beam.
  ///
  /// - Parameters:
  ///   - rows: Rows of the batch that this state belongs to.
  ///   - batch: The size of that batch.
  public func rows(_ rows: [Int], of batch: Int) -> RecurrentState {
    precondition(
      rows.allSatisfy { 0..<batch ~= $0 }, "RecurrentState.rows: got \(rows), expected 0..<\(batch)"
    )
    var state = RecurrentState()
    state.recurrence = recurrence?.rows(rows, of: batch)
    return state
  }
}
