import Autograd
import Layers
import Tensors

/// The network of a forecaster, of any kind.
public struct ForecastNetwork: Module {
  private enum Body {
    case direct(DirectNetwork)
    case autoregressive(AutoregressiveNetwork)
    case attention(AttentionNetwork)
  }

  private var body: Body
  private let output: ForecastOutputConfiguration
  private let sizes: ForecastSizes

  /// A network with freshly drawn weights.
  ///
  /// - Parameter groupCount: How many series have a vector of their own.
  public init(
    _ configuration: ForecasterConfiguration, groupCount: Int, random: inout RandomSource
  ) {
    let model = configuration.model
    sizes = ForecastSizes(configuration, groupCount: groupCount)
    output = configuration.output
    body =
      switch model.kind {
      case .direct: .direct(DirectNetwork(model, sizes, random: &random))
      case .autoregressive:
        .autoregressive(AutoregressiveNetwork(model, sizes, random: &random))
      case .attention: .attention(AttentionNetwork(model, sizes, random: &random))
      }
  }

  /// The mean loss over the values of a batch whose future is known.
  ///
  /// Errors count in the units of the training part's deviation, whatever the normalisation by window.
  public func loss(_ batch: ForecastBatch, on tape: Tape?) -> Variable {
    guard let future = batch.future, let target = batch.target else {
      preconditionFailure("ForecastNetwork.loss: got a batch without a future")
    }
    let said: Variable
    switch body {
    case .direct(let network): said = network(batch, on: tape)
    case .autoregressive(let network): said = network(batch, future: future, on: tape)
    case .attention(let network): said = network(batch, future: future, on: tape)
    }
    if output.kind == .gaussian {
      let pairs = reshaped(said, Shape(future.shape.extents + [2]), on: tape)
      return gaussianLoss(prediction: pairs, target: future, on: tape)
    }
    let values = denormalized(
      said, offset: batch.offset, scale: batch.scale, width: sizes.width, on: tape)
    switch (output.kind, output.loss) {
    case (.quantiles, _):
      let quantiles = reshaped(values, Shape(future.shape.extents + [sizes.width]), on: tape)
      return quantileLoss(
        prediction: quantiles, target: target, levels: output.levels, on: tape)
    case (_, .mse): return squaredError(prediction: values, target: target, on: tape)
    case (_, .mae): return absoluteError(prediction: values, target: target, on: tape)
    case (_, .huber): return huberLoss(prediction: values, target: target, on: tape)
    }
  }

  /// The forecasts of a batch, in the units of the training part's deviation.
  ///
  /// - Parameters:
  ///   - sampleCount: How many paths are drawn for each window where what is said is fed back and is a
  ///     distribution; with 0 the mean is fed back, and deviations are those given the means before.
  ///   - random: Where paths are drawn from, a source for each window.
  func forecasts(
    _ batch: ForecastBatch, sampleCount: Int, random: [RandomSource]
  ) -> [Forecast] {
    switch body {
    case .direct(let network):
      return forecasts(network(batch, on: nil).tensor, batch)
    case .autoregressive(let network):
      return fedBack(batch, sampleCount: sampleCount, random: random) {
        network.forecast(batch, copies: $0, choose: $1)
      }
    case .attention(let network) where !network.feedsBack:
      return forecasts(network(batch, future: nil, on: nil).tensor, batch)
    case .attention(let network):
      return fedBack(batch, sampleCount: sampleCount, random: random) {
        network.forecast(batch, copies: $0, choose: $1)
      }
    }
  }

  /// The forecasts of a network that is fed with what it says.
  private func fedBack(
    _ batch: ForecastBatch, sampleCount: Int, random: [RandomSource],
    _ run: (Int, (Tensor) -> Tensor) -> (values: Tensor, outputs: Tensor)
  ) -> [Forecast] {
    guard output.kind == .gaussian, sampleCount > 0 else {
      let width = sizes.width
      let outputs = run(1) { said in
        Tensor(
          unsafeUninitialized: Shape([1, said.shape[1], said.shape[2] / width])
        ) { values in
          said.withUnsafeBufferPointer { said in
            for index in values.indices { values[index] = said[index * width] }
          }
        }
      }.outputs
      return forecasts(outputs, batch)
    }
    var sources = random
    let values = run(sampleCount) { said in
      let perWindow = said.count / 2 / batch.count
      return Tensor(
        unsafeUninitialized: Shape([1, said.shape[1], said.shape[2] / 2])
      ) { values in
        said.withUnsafeBufferPointer { said in
          for index in values.indices {
            let noise = sources[index / perWindow].normal()
            values[index] = said[2 * index] + gaussianScale(said[2 * index + 1]) * noise
          }
        }
      }
    }.values
    return samples(values, batch, count: sampleCount)
  }

  /// One forecast for each window from `[prediction, batch, target · width]`.
  private func forecasts(_ said: Tensor, _ batch: ForecastBatch) -> [Forecast] {
    let (targets, width) = (sizes.targetCount, sizes.width)
    let form: Forecast.Form =
      switch output.kind {
      case .point: .point
      case .quantiles: .quantiles(output.levels.map { Double($0) })
      case .gaussian: .gaussian
      }
    let (values, offsets, scales) = (said.scalars, batch.offset.scalars, batch.scale.scalars)
    return (0..<batch.count).map { row in
      Forecast(form, predictionLength: sizes.predictionLength, targetCount: targets) {
        step, target, place in
        let index = ((step * batch.count + row) * targets + target) * width + place
        let (offset, scale) = (offsets[row * targets + target], scales[row * targets + target])
        return place < sizes.moved
          ? Double(values[index] * scale + offset) : Double(gaussianScale(values[index]) * scale)
      }
    }
  }

  /// One forecast for each window from paths, `[prediction, batch · count, target]`.
  private func samples(_ paths: Tensor, _ batch: ForecastBatch, count: Int) -> [Forecast] {
    let targets = sizes.targetCount
    let (values, offsets, scales) = (paths.scalars, batch.offset.scalars, batch.scale.scalars)
    return (0..<batch.count).map { row in
      Forecast(
        .samples(count), predictionLength: sizes.predictionLength, targetCount: targets
      ) { step, target, path in
        let index = ((step * batch.count + row) * count + path) * targets + target
        return Double(
          values[index] * scales[row * targets + target] + offsets[row * targets + target])
      }
    }
  }

  /// Shows the parameters of whatever network it is.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    switch body {
    case .direct(var network):
      network.visit(&visitor)
      body = .direct(network)
    case .autoregressive(var network):
      network.visit(&visitor)
      body = .autoregressive(network)
    case .attention(var network):
      network.visit(&visitor)
      body = .attention(network)
    }
  }
}
