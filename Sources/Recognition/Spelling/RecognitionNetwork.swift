import Autograd
import Layers
import Tensors

/// The network of a recogniser with the attentive decoder that may stand beside its CTC output.
///
/// The parameters of the network have the names that they have without a speller; those of the speller
/// begin with `speller.`.
public struct RecognitionNetwork: Module {
  /// The encoder and its CTC output.
  public var model: any SequenceModel
  /// The attentive decoder, if there is one.
  public var speller: Speller?

  /// A network of given parts.
  public init(model: any SequenceModel, speller: Speller? = nil) {
    precondition(
      speller.map { $0.stateSize == model.stateSize && $0.labelCount == model.labelCount } ?? true,
      "RecognitionNetwork: a speller of \(speller?.labelCount ?? 0) labels over "
        + "\(speller?.stateSize ?? 0) features for \(model.labelCount) labels and "
        + "\(model.stateSize) features")
    (self.model, self.speller) = (model, speller)
  }

  /// The network of a configuration, with drawn weights; those of the encoder do not depend on
  /// whether there is a speller.
  public init(
    _ configuration: RecognizerConfiguration, inputSize: Int, labelCount: Int,
    random: inout RandomSource
  ) {
    let model = configuration.model.makeModel(
      inputSize: inputSize, labelCount: labelCount, random: &random)
    self.init(
      model: model,
      speller: configuration.attention.map {
        Speller($0, stateSize: model.stateSize, labelCount: labelCount, random: &random)
      })
  }

  /// The loss of training: that of CTC, or w · CTC + (1 − w) · attention where there is a speller (Kim,
  /// Hori and Watanabe 2017); the mean over the sequences of their costs in nats.
  ///
  /// A target with too few frames for CTC costs nothing there, and what it costs the speller.
  ///
  /// - Parameter features: `[time, batch, feature]`.
  public func loss(
    _ features: Variable, frameLengths: [Int], targets: [[Int]], on tape: Tape?
  ) -> Variable {
    let (states, lengths) = model.states(features, frameLengths: frameLengths, on: tape)
    let weight = speller?.configuration.ctcWeight ?? 1
    var terms: [(loss: Variable, weight: Float)] = []
    if weight > 0 {
      let logits = model.logits(of: states, on: tape)
      let loss = ctcLoss(
        logits: logits, frameLengths: lengths, targets: targets, infeasible: .zeroed, on: tape
      ).loss
      if weight == 1 { return loss }
      terms.append((loss, weight))
    }
    if let speller {
      let loss = speller.loss(
        states: states, frameLengths: lengths, targets: targets,
        labelSmoothing: speller.configuration.labelSmoothing, on: tape
      ).loss
      terms.append((loss, 1 - weight))
    }
    return .weighted(terms, on: tape)
  }

  /// Shows the parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    model.visit(&visitor)
    visitor.module("speller", &speller)
  }
}

extension Recognizer {
  /// The networks as one module.
  public var network: RecognitionNetwork {
    get { RecognitionNetwork(model: model, speller: speller) }
    set { (model, speller) = (newValue.model, newValue.speller) }
  }

  /// Sets the kind of number that products multiply, in all networks.
  public mutating func setPrecision(_ precision: Precision) { network.setPrecision(precision) }
}
