import Autograd
import Layers
import Recognition
import Tensors
import TestSupport
import Testing

@Suite struct SpellerTests {
  private let lengths = [9, 6, 7]
  private let targets = [[1, 2, 2], [3], [4, 1]]
  private let x: Tensor

  init() {
    var random = RandomSource(seed: 21)
    x = Tensor.random([9, 3, 6], &random)
  }

  /// Through both outputs to every parameter, with dropout and smoothing.
  @Test(arguments: [1, 2, 3]) func gradientsOfTheJointLossReachEveryParameter(joined: Int) {
    let network = SpellerFixtures.network(
      SpellerFixtures.speller {
        ($0.joinedFrames, $0.dropout, $0.labelSmoothing) = (joined, 0.2, 0.1)
      })
    expectGradients(of: network, inputs: [x], step: 5e-3, tolerance: 3e-2, samples: 12) {
      network, inputs, tape in
      network.loss(inputs[0], frameLengths: lengths, targets: targets, on: tape)
    }
  }

  @Test func theLossIsTheWeightedSumOfBoth() throws {
    for weight in [Float(0), 0.3, 1] {
      let network = SpellerFixtures.network(
        SpellerFixtures.speller(ctcWeight: weight) {
          if weight == 1 { $0.search.decoder = .ctc }
        })
      let speller = try #require(network.speller)
      let (states, frames) = network.model.states(Variable(x), frameLengths: lengths, on: nil)
      let ctc = ctcLoss(
        logits: network.model.logits(of: states, on: nil), frameLengths: frames, targets: targets
      ).perSequence
      // Each text on its own, from the log-softmax of its logits.
      let attention = targets.enumerated().map { row, target in
        let alone = states.tensor.unpadded(lengths: frames)[row]
        let logits = speller.logits(
          states: Variable(alone.reshaped([frames[row], 1, speller.stateSize])),
          frameLengths: [frames[row]], targets: [target]
        ).tensor
        let rows = logits.logSoftmax().scalars
        return (target + [Speller.mark]).enumerated().reduce(Float(0)) {
          $0 - rows[$1.offset * 5 + $1.element]
        }
      }
      let expected = zip(ctc, attention).reduce(Float(0)) {
        $0 + (weight * $1.0 + (1 - weight) * $1.1) / 3
      }
      let loss = network.loss(Variable(x), frameLengths: lengths, targets: targets, on: nil)
      expectClose([loss.tensor.item], [expected], relative: 1e-5)
    }
  }

  @Test func aSpellerChangesNothingOfTheNetworkBelow() {
    let plain = SpellerFixtures.network(nil).namedParameters
    let both = SpellerFixtures.network(SpellerFixtures.speller()).namedParameters
    for (a, b) in zip(plain, both) {
      #expect(a.path == b.path && a.parameter.value == b.parameter.value)
    }
    #expect(both.dropFirst(plain.count).allSatisfy { $0.path.hasPrefix("speller.") })
    #expect(both.count > plain.count)
  }

  @Test func framesAreJoinedByHand() {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], shape: [5, 1, 2])
    let (y, lengths) = FrameJoining(count: 2)(Variable(x), frameLengths: [3])
    #expect(y.tensor == Tensor([1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0], shape: [3, 1, 4]))
    #expect(lengths == [2])
    let (same, unchanged) = FrameJoining(count: 1)(Variable(x), frameLengths: [3])
    #expect(same.tensor == x && unchanged == [3])
  }

  @Test func configurationsThatTrainNothingToSearchWithAreRefused() {
    for (weight, decoder, isValid) in [
      (Float(0), SpellingSearchConfiguration.Decoder.attention, true), (0, .joint, false),
      (0, .ctc, false), (0.5, .joint, true), (0.5, .ctc, true), (1, .ctc, true),
      (1, .attention, false), (1.5, .joint, false),
    ] {
      let speller = SpellerFixtures.speller(ctcWeight: weight) { $0.search.decoder = decoder }
      let passes = (try? speller.validate()) != nil
      #expect(passes == isValid, "\(weight) \(decoder)")
    }
  }
}
