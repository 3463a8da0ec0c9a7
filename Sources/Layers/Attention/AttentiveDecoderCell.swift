import Autograd
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Scores, weights and context of one query in plain words: the definition that the fused attention is
/// tested against.
public struct AttentionCell {
  /// The parameters.
  public let weights: AttentionWeights

  /// A cell with these parameters.
  public init(_ weights: AttentionWeights) { self.weights = weights }

  /// Reads a memory.
  ///
  /// - Parameters:
  ///   - memory: Its positions, padding left out.
  ///   - previous: The weights of the step before, read by `location`.
  /// - Returns: The weights of each head, and the contexts of all heads one after the other.
  public func read(
    _ memory: [[Float]], query: [Float], previous: [Double]
  ) -> (weights: [[Double]], context: [Double]) {
    let q = projected(query, weights.queryWeight, weights.queryBias)
    let keys = memory.map { projected($0, weights.keyWeight, nil) }
    let values = memory.map { projected($0, weights.valueWeight, weights.valueBias) }
    let heads = weights.headCount
    let (size, valueSize) = (weights.keySize / heads, weights.contextSize / heads)
    var context = [Double](repeating: 0, count: heads * valueSize)
    let all = (0..<heads).map { head in
      let part = head * size..<(head + 1) * size
      let scores = keys.indices.map { position in
        score(
          Array(q[part]), Array(keys[position][part]),
          location: locationTerms(previous, at: position))
      }
      let largest = scores.max() ?? 0
      let exponentials = scores.map { exp($0 - largest) }
      let weights = exponentials.map { $0 / exponentials.reduce(0, +) }
      for (position, weight) in weights.enumerated() {
        for i in head * valueSize..<(head + 1) * valueSize {
          context[i] += weight * values[position][i]
        }
      }
      return weights
    }
    return (all, context)
  }

  private func projected(_ x: [Float], _ weight: Parameter?, _ bias: Parameter?) -> [Double] {
    guard let weight else { return x.map(Double.init) }
    return affine(weight.value, x, bias?.value)
  }

  private func score(_ query: [Double], _ key: [Double], location: [Double]) -> Double {
    let configuration = weights.configuration
    guard let energy = weights.energy else {
      let product = zip(query, key).reduce(0) { $0 + $1.0 * $1.1 }
      let isScaled = configuration.kind == .multiHead || configuration.scaled
      return isScaled ? product / Double(query.count).squareRoot() : product
    }
    let sum = query.indices.reduce(0) {
      $0 + Double(energy.value[$1]) * tanhOf(query[$1] + key[$1] + location[$1])
    }
    return configuration.kind == .location ? Double(configuration.sharpening) * sum : sum
  }

  /// What the weights of the step before add to a key.
  private func locationTerms(_ previous: [Double], at position: Int) -> [Double] {
    let none = [Double](repeating: 0, count: weights.keySize)
    guard let filter = weights.locationFilter?.value, let weight = weights.locationWeight?.value
    else { return none }
    let (count, width) = (filter.shape[0], filter.shape[1])
    return none.indices.map { unit in
      (0..<count).reduce(0) { sum, index in
        let filtered = (0..<width).reduce(0.0) { sum, tap in
          let place = position + tap - width / 2
          guard previous.indices.contains(place) else { return sum }
          return sum + Double(filter[index, tap]) * previous[place]
        }
        return sum + Double(weight[unit, index]) * filtered
      }
    }
  }
}

/// An attentive decoder step by step in plain words: the definition that the fused one is tested
/// against.
public struct AttentiveDecoderCell {
  /// The parameters.
  public let decoder: AttentiveDecoder

  /// A cell with these parameters.
  public init(_ decoder: AttentiveDecoder) { self.decoder = decoder }

  /// Decodes one sequence.
  ///
  /// - Parameter memory: Its positions, padding left out.
  /// - Returns: The attentional states, and the weights of each step and head.
  public func run(
    _ inputs: [[Float]], memory: [[Float]]
  ) -> (states: [[Float]], weights: [[[Double]]]) {
    let hidden = decoder.configuration.hiddenSize
    let count = decoder.layers.count
    let isLSTM = decoder.configuration.cell == .lstm
    let start = start(memory, count: (isLSTM ? 2 : 1) * count * hidden)
    var h = (0..<count).map { Array(start[$0 * hidden..<($0 + 1) * hidden]) }
    var c = isLSTM ? (count..<2 * count).map { Array(start[$0 * hidden..<($0 + 1) * hidden]) } : h
    var state = [Float](repeating: 0, count: decoder.outputSize)
    var previous: [Double] = []
    var (states, weights): ([[Float]], [[[Double]]]) = ([], [])
    for input in inputs {
      var x = decoder.feedingWeight == nil ? input : input + state
      for (index, layer) in feedingLayers.enumerated() {
        if isLSTM {
          (h[index], c[index]) = LSTMCell(layer).step(x, h: h[index], c: c[index])
        } else {
          h[index] = GRUCell(layer).step(x, h: h[index])
        }
        x = h[index]
      }
      let read = AttentionCell(decoder.attention).read(memory, query: x, previous: previous)
      let joined = read.context.map { Float($0) } + x
      state = affine(decoder.output.weight.value, joined, decoder.output.bias.value)
        .map { Float(tanhOf($0)) }
      previous = read.weights[0]
      states.append(state)
      weights.append(read.weights)
    }
    return (states, weights)
  }

  private func start(_ memory: [[Float]], count: Int) -> [Float] {
    guard let bridge = decoder.bridge, let size = memory.first?.count else {
      return [Float](repeating: 0, count: count)
    }
    let summary = (0..<size).map { unit -> Float in
      bridge.bridge == .last
        ? memory[memory.count - 1][unit]
        : Float(memory.reduce(0) { $0 + Double($1[unit]) } / Double(memory.count))
    }
    return affine(bridge.linear.weight.value, summary, bridge.linear.bias.value)
      .map { Float(tanhOf($0)) }
  }

  /// The layers, the lowest of which reads `[input; state]`.
  private var feedingLayers: [RecurrentWeights] {
    var layers = decoder.layers
    if let feeding = decoder.feedingWeight {
      layers[0].inputWeight.value = layers[0].inputWeight.value.beside(feeding.value)
    }
    return layers
  }
}
