import Autograd
import Classification
import Configuration
import Layers
import Tensors
import TestSupport
import Testing

private func net(
  _ sizes: [Int], _ activation: Activation = .tanh, batchNorm: Bool = false, dropout: Float = 0
) -> FeedForwardNet {
  var configuration = FeedForwardConfiguration()
  configuration.hiddenSizes = Array(sizes.dropFirst().dropLast())
  (configuration.activation, configuration.batchNorm) = (activation, batchNorm)
  (configuration.dropout, configuration.inputDropout) = (dropout, dropout)
  var random = RandomSource(seed: 4)
  return FeedForwardNet(
    configuration, inputSize: sizes[0], outputSize: sizes[sizes.count - 1], random: &random)
}

@Suite struct FeedForwardNetTests {
  @Test func exclusiveOrWorkedByHand() {
    // Two rectified units count the bits and the bits beyond one; the output is first − 2 · second.
    var net = net([2, 2, 1], .relu)
    net.layers[0].weight.value = Tensor(rows: [[1, 1], [1, 1]])
    net.layers[0].bias.value = Tensor([0, -1])
    net.layers[1].weight.value = Tensor(rows: [[1, -2]])
    net.layers[1].bias.value = Tensor([0])
    let y = net(Variable(Tensor(rows: [[0, 0], [0, 1], [1, 0], [1, 1]])))
    #expect(y.tensor == Tensor(rows: [[0], [1], [1], [0]]))
  }

  @Test func equalsPyTorch() throws {
    let reference = try Reference("network")
    var net = net([5, 7, 6, 3], batchNorm: true)
    var missing: [String] = []
    net.visitParameters { path, parameter in
      guard parameter.isTrainable else { return }
      guard let value = try? reference.tensor(path) else { return missing.append(path) }
      parameter.value = value
    }
    #expect(missing.isEmpty)
    let x = Variable(try reference.tensor("x"))
    let labels = try reference.tensor("labels").scalars.map { Int($0) }
    let tape = Tape()
    let logits = net(x, on: tape)
    expectClose(logits.tensor, try reference.tensor("logits"), absolute: 5e-6)
    let loss = crossEntropy(logits: logits, targets: labels, on: tape).loss
    expectClose(loss.tensor.scalars, try reference.tensor("loss").scalars, absolute: 1e-6)
    let gradients = tape.gradients(of: loss).parameters
    for (path, parameter) in net.namedParameters where parameter.isTrainable {
      let gradient = try #require(gradients[parameter], "\(path)")
      expectClose(gradient, try reference.tensor(path + ".gradient"), absolute: 2e-6, path)
    }
    net.visitParameters { _, parameter in
      if let value = tape.updates[parameter.identity] { parameter.value = value }
    }
    expectClose(net(x).tensor, try reference.tensor("inference"), absolute: 5e-6)
  }

  @Test(arguments: [false, true]) func gradientsAgreeWithCentralDifferences(batchNorm: Bool) {
    var random = RandomSource(seed: 2)
    expectGradients(
      of: net([4, 6, 5, 3], batchNorm: batchNorm, dropout: 0.3),
      inputs: [.random([7, 4], &random)], step: 4e-3
    ) { net, x, tape in net(x[0], on: tape) }
  }

  @Test func withoutHiddenLayersItIsLinear() {
    let net = net([3, 2])
    let x = Variable(Tensor(rows: [[1, 2, 3]]))
    #expect(net.layers.count == 1 && net(x).tensor == net.layers[0](x).tensor)
  }

  @Test func configurationsAreChecked() throws {
    let configuration = try ConfigurationFile.decode(
      ClassifierConfiguration.self,
      yaml: "kind: feedForward\nhiddenSizes: [3, 4]\nactivation: tanh\n", file: "a.yaml")
    guard case .feedForward(let net) = configuration else {
      Issue.record("\(configuration)")
      return
    }
    #expect(net.hiddenSizes == [3, 4] && net.activation == .tanh)
    for wrong in ["hiddenSizes: [0]", "dropout: 1", "kind: backward", "variant: averaged"] {
      #expect(throws: ConfigurationError.self, "\(wrong)") {
        try ConfigurationFile.decode(
          ClassifierConfiguration.self, yaml: wrong + "\n", file: "a.yaml")
      }
    }
  }

  @Test func wrongShapeTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 4)
      let net = FeedForwardNet(
        FeedForwardConfiguration(), inputSize: 3, outputSize: 2, random: &random)
      _ = net(Variable(Tensor(zeros: [1, 4])))
    }
  }
}
