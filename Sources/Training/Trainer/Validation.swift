import Autograd
import Decoding
import Layers
import Recognition

/// How well a recognizer does on a set that it does not learn from.
struct Validation {
  /// The mean loss per sample, in nats.
  var loss: Double
  /// The errors of greedy decoding.
  var tally: ErrorTally

  /// Runs a recognizer over a set, in batches of similar length.
  static func run(_ recognizer: Recognizer, on dataset: Dataset) -> Validation {
    var (sum, count, tally) = (0.0, 0, ErrorTally())
    let loader = dataset.loader(dataset.evaluation())
    defer { loader.finish() }
    let decoder = recognizer.greedyDecoder
    while let batch = loader.next() {
      guard !batch.isEmpty else { continue }
      let (logits, lengths) = recognizer.model(
        Variable(batch.features), frameLengths: batch.frameLengths, on: nil)
      let loss = ctcLoss(
        logits: logits, frameLengths: lengths, targets: batch.targets, infeasible: .zeroed)
      sum += loss.perSequence.reduce(0) { $0 + Double($1) }
      count += batch.count
      let rows = logits.tensor.logSoftmax().unpadded(lengths: lengths)
      for (probabilities, target) in zip(rows, batch.targets) {
        tally.add(
          reference: recognizer.alphabet.decode(target),
          hypothesis: recognizer.alphabet.decode(decoder.best(probabilities).labels))
      }
    }
    return Validation(loss: sum / Double(max(1, count)), tally: tally)
  }
}
