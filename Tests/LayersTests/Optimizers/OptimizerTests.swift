import Autograd
import Foundation
import Layers
import TestSupport
import Tensors
import Testing

/// A weight and a bias, whose gradients the tests make up.
struct Pair: Module {
  var weight: Parameter
  var bias: Parameter
  var statistic = Parameter(Tensor([1, 2]), isTrainable: false)

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.parameter("statistic", &statistic)
  }

  init(_ weight: Shape = [3, 7], _ bias: Shape = [3]) {
    self.weight = Parameter(Self.value(weight, salt: 1))
    self.bias = Parameter(Self.value(bias, salt: 2))
  }

  /// As in `optimizer_reference.py`.
  static func value(_ shape: Shape, salt: Int) -> Tensor {
    let scalars = (0..<shape.count).map { (i: Int) -> Float in
      Float((i * 7919 + salt * 104_729) % 1001) / 500 - 1
    }
    return Tensor(scalars, shape: shape)
  }

  func gradients(step: Int) -> Gradients {
    var gradients = Gradients()
    gradients.add(Self.value(weight.shape, salt: 10 + step), to: weight)
    gradients.add(Self.value(bias.shape, salt: 20 + step), to: bias)
    return gradients
  }
}

@Suite struct OptimizerTests {
  struct Case: Decodable {
    let kind: OptimizerConfiguration.Kind
    let learningRate: Float
    let momentum: Float?
    let nesterov: Bool?
    let weightDecay: Float
    let clip: Float?
    let norms: [Double]
    let trajectory: [[Float]]

    var configuration: OptimizerConfiguration {
      var configuration = OptimizerConfiguration()
      configuration.kind = kind
      configuration.momentum = momentum ?? 0.9
      configuration.nesterov = nesterov ?? false
      (configuration.beta1, configuration.beta2) = (0.9, 0.98)
      configuration.epsilon = 1e-6
      configuration.weightDecay = weightDecay
      return configuration
    }
  }

  @Test func trajectoriesEqualThoseOfPyTorch() throws {
    let url = try #require(
      Bundle.module.url(forResource: "optimizer_reference", withExtension: "json"))
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    #expect(cases.count == 6)
    for reference in cases {
      var model = Pair()
      var optimizer = Optimizer(reference.configuration)
      for (step, expected) in reference.trajectory.enumerated() {
        let gradients = model.gradients(step: step)
        let norm = model.gradientNorm(gradients)
        #expect(abs(norm - reference.norms[step]) < 1e-6)
        optimizer.update(
          model: &model, gradients: gradients, learningRate: reference.learningRate,
          gradientScale: clippingScale(norm: norm, maximum: reference.clip))
        // A few roundings in each step; PyTorch divides by the norm plus 1e-6 when it clips.
        expectClose(
          model.weight.value.scalars + model.bias.value.scalars, expected,
          absolute: Float(step + 1) * 1e-6, "\(reference.kind), step \(step)")
      }
      #expect(optimizer.stepCount == reference.trajectory.count)
      #expect(model.statistic.value == Tensor([1, 2]))
    }
  }

  @Test(arguments: OptimizerConfiguration.Kind.allCases)
  func restoredStateGoesOnWithTheSameBits(_ kind: OptimizerConfiguration.Kind) throws {
    var configuration = OptimizerConfiguration()
    configuration.kind = kind
    configuration.weightDecay = 0.1
    var model = Pair([70, 31], [70])
    var optimizer = Optimizer(configuration)
    for step in 0..<3 {
      optimizer.update(model: &model, gradients: model.gradients(step: step), learningRate: 0.01)
    }
    var copy = model
    var restored = try Optimizer(
      configuration, stepCount: optimizer.stepCount,
      stateTensors: optimizer.stateTensors.reversed(), for: copy)
    for step in 3..<6 {
      optimizer.update(model: &model, gradients: model.gradients(step: step), learningRate: 0.01)
      restored.update(model: &copy, gradients: copy.gradients(step: step), learningRate: 0.01)
    }
    #expect(model.weight.value == copy.weight.value && model.bias.value == copy.bias.value)
    #expect(optimizer.stateTensors.map(\.name) == restored.stateTensors.map(\.name))
    #expect(optimizer.stateTensors.map(\.tensor) == restored.stateTensors.map(\.tensor))
    // And the state matters: without it the bits differ.
    var fresh = Optimizer(configuration)
    var other = copy
    fresh.update(model: &other, gradients: other.gradients(step: 6), learningRate: 0.01)
    restored.update(model: &copy, gradients: copy.gradients(step: 6), learningRate: 0.01)
    #expect(other.weight.value != copy.weight.value)
  }

  @Test func stateIsNamedByPath() {
    var model = Pair()
    var optimizer = Optimizer(OptimizerConfiguration())
    #expect(optimizer.stateTensors.isEmpty)
    optimizer.update(model: &model, gradients: model.gradients(step: 0), learningRate: 0.01)
    #expect(
      optimizer.stateTensors.map(\.name) == [
        "bias.firstMoment", "bias.secondMoment", "weight.firstMoment", "weight.secondMoment",
      ])
    #expect(optimizer.stateTensors[2].tensor.shape == [3, 7])
  }

  @Test func stateThatDoesNotFitIsRefusedByName() {
    let model = Pair()
    func error(_ count: Int, _ tensors: [(name: String, tensor: Tensor)]) -> OptimizerStateError? {
      do throws(OptimizerStateError) {
        _ = try Optimizer(
          OptimizerConfiguration(), stepCount: count, stateTensors: tensors, for: model)
        return nil
      } catch { return error }
    }
    let weight = Tensor(zeros: [3, 7])
    let first = (name: "weight.firstMoment", tensor: weight)
    #expect(error(1, [first, (name: "weight.secondMoment", tensor: weight)]) == nil)
    #expect(error(-1, []) == .stepCount(-1))
    #expect(error(1, [first]) == .missing(name: "weight.secondMoment"))
    #expect(
      error(1, [first, (name: "weight.secondMoment", tensor: Tensor(zeros: [7, 3]))])
        == .shape(name: "weight.secondMoment", found: [7, 3], expected: [3, 7]))
    for name in ["weight.velocity", "statistic.firstMoment", "gone.firstMoment"] {
      #expect(
        error(1, [(name: name, tensor: weight)])
          == .unexpected(name: name, expected: [".firstMoment", ".secondMoment"]))
      #expect(error(1, [(name: name, tensor: weight)])?.description.contains(name) == true)
    }
  }

  @Test func parametersWithoutGradientStay() {
    var model = Pair()
    let bias = model.bias.value
    var gradients = Gradients()
    gradients.add(Pair.value([3, 7], salt: 3), to: model.weight)
    var optimizer = Optimizer(OptimizerConfiguration())
    optimizer.update(model: &model, gradients: gradients, learningRate: 0.01)
    #expect(model.bias.value == bias)
    #expect(optimizer.stateTensors.count == 2)
  }

  @Test func copiesOfTheModelAreNotMoved() {
    var model = Pair()
    let copy = model
    var optimizer = Optimizer(OptimizerConfiguration())
    optimizer.update(model: &model, gradients: model.gradients(step: 0), learningRate: 0.01)
    #expect(copy.weight.value == Pair.value([3, 7], salt: 1))
    #expect(model.weight.value != copy.weight.value)
  }

  @Test func gradientNormSeesWhatIsNotFinite() {
    let model = Pair()
    #expect(model.gradientNorm(Gradients()) == 0)
    for bad in [Float.nan, .infinity, -.infinity] {
      var gradients = model.gradients(step: 0)
      var bias = Tensor(zeros: [3])
      bias[2] = bad
      gradients.add(bias, to: model.bias)
      #expect(!model.gradientNorm(gradients).isFinite)
    }
  }

  @Test func clipping() {
    #expect(clippingScale(norm: 3, maximum: nil) == 1)
    #expect(clippingScale(norm: 3, maximum: 3) == 1)
    #expect(clippingScale(norm: 0, maximum: 3) == 1)
    #expect(clippingScale(norm: 6, maximum: 3) == 0.5)
  }
}
