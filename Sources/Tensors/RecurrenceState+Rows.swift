extension RecurrenceState {
  /// The state of some rows of a batch of this size, in the order of the list.
  package func rows(_ rows: [Int], of batch: Int) -> RecurrenceState {
    func gathered(_ tensor: Tensor) -> Tensor {
      guard tensor.count > 0 else { return tensor }
      let width = tensor.count / batch
      let gathered = tensor.reshaped([batch, width]).rowsGathered(rows)
      return tensor.shape.rank == 2 ? gathered : gathered.reshaped([rows.count * width])
    }
    return RecurrenceState(
      carried: gathered(carried), hidden: gathered(hidden), states: gathered(states),
      scales: gathered(scales))
  }
}
