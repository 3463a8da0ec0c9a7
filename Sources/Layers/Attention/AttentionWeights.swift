import Autograd
import Tensors

/// The parameters of the scores, and of what is scored and summed.
///
/// Which of them are there depends on the kind; what is not projected is taken as it is.
public struct AttentionWeights: Module {
  /// What they are for.
  public let configuration: AttentionConfiguration
  /// `[size, querySize]`
  public var queryWeight: Parameter?
  /// `[size]`
  public var queryBias: Parameter?
  /// `[D, memorySize]`, where D is the size of a query. A bias would add the same to all scores of a
  /// query and so change no weight.
  public var keyWeight: Parameter?
  /// `[size, memorySize]`
  public var valueWeight: Parameter?
  /// `[size]`
  public var valueBias: Parameter?
  /// v of additive scores, `[size]`.
  public var energy: Parameter?
  /// The filters over the weights of the step before, `[filterCount, filterWidth]`.
  public var locationFilter: Parameter?
  /// From their outputs to the hidden layer of the scores, `[size, filterCount]`.
  public var locationWeight: Parameter?

  /// The size of a query before its projection.
  public let querySize: Int
  /// The size of a position of the memory.
  public let memorySize: Int

  /// Weights drawn from ±1/√inputs, biases of zero.
  public init(
    _ configuration: AttentionConfiguration, querySize: Int, memorySize: Int,
    random: inout RandomSource
  ) {
    self.configuration = configuration
    (self.querySize, self.memorySize) = (querySize, memorySize)
    let size = configuration.size
    func weight(_ output: Int, _ input: Int) -> Parameter {
      Parameter(.uniform([output, input], fanIn: input, random: &random))
    }
    switch configuration.kind {
    case .additive, .location:
      queryWeight = weight(size, querySize)
      queryBias = Parameter(Tensor(zeros: [size]))
      keyWeight = weight(size, memorySize)
      energy = Parameter(.uniform([size], fanIn: size, random: &random))
    case .general: keyWeight = weight(querySize, memorySize)
    case .dot:
      precondition(
        querySize == memorySize,
        "AttentionWeights: queries of \(querySize) for a memory of \(memorySize), expected as many")
    case .multiHead:
      precondition(
        size % configuration.headCount == 0,
        "AttentionWeights: \(configuration.headCount) heads do not divide \(size)")
      queryWeight = weight(size, querySize)
      queryBias = Parameter(Tensor(zeros: [size]))
      keyWeight = weight(size, memorySize)
      valueWeight = weight(size, memorySize)
      valueBias = Parameter(Tensor(zeros: [size]))
    }
    if configuration.kind == .location {
      let (count, width) = (configuration.filterCount, configuration.filterWidth)
      locationFilter = weight(count, width)
      locationWeight = weight(size, count)
    }
  }

  /// The size of a context.
  public var contextSize: Int { valueWeight?.shape[0] ?? memorySize }
  /// The size of a query as it is compared.
  var keySize: Int { keyWeight?.shape[0] ?? memorySize }
  /// The heads that are compared for themselves.
  var headCount: Int { configuration.kind == .multiHead ? configuration.headCount : 1 }

  /// How scores are computed.
  var scores: AttentionScores {
    let size = Float(keySize / headCount)
    let scale: Float =
      switch configuration.kind {
      case .additive: 1
      case .location: configuration.sharpening
      case .general, .dot: configuration.scaled ? 1 / size.squareRoot() : 1
      case .multiHead: 1 / size.squareRoot()
      }
    return AttentionScores(
      headCount: headCount, scale: scale, energy: energy?.value, location: location)
  }

  private var location: AttentionScores.Location? {
    guard let locationFilter, let locationWeight else { return nil }
    return AttentionScores.Location(filter: locationFilter.value, weight: locationWeight.value)
  }

  /// Projects the positions of memories, `[batch, source, memorySize]`.
  func memory(_ positions: Tensor, lengths: [Int]) -> AttentionMemory {
    func projected(_ weight: Parameter?, _ bias: Parameter?) -> Tensor {
      guard let weight else { return positions }
      return positions.multiplied(by: weight.packedTransposed, bias: bias?.value)
    }
    return AttentionMemory(
      keys: projected(keyWeight, nil), values: projected(valueWeight, valueBias),
      lengths: lengths)
  }

  /// The projection of queries, where there is one.
  var query: PackedAffine? {
    queryWeight.map { PackedAffine($0.packedTransposed, bias: queryBias?.value) }
  }

  /// Files the gradients of all but the query's parameters and returns that of the positions.
  func fileGradients(
    _ found: AttentionGradients, positions: Tensor, to gradients: inout Gradients
  ) -> Tensor {
    if let energy, let gradient = found.energy { gradients.add(gradient, to: energy) }
    if let locationFilter, let locationWeight, let location,
      let own = found.location(location)
    {
      gradients.add(own.filter, to: locationFilter)
      gradients.add(own.weight, to: locationWeight)
    }
    var result: Tensor
    if let valueWeight {
      gradients.add(
        found.values.outerProduct(positions, precision: valueWeight.precision), to: valueWeight)
      if let valueBias { gradients.add(found.values.columnSums(), to: valueBias) }
      result = found.values.multiplied(by: valueWeight.packed)
    } else {
      result = found.values
    }
    if let keyWeight {
      gradients.add(
        found.keys.outerProduct(positions, precision: keyWeight.precision), to: keyWeight)
      result.addProduct(found.keys, keyWeight.packed)
    } else {
      result.add(found.keys)
    }
    return result
  }

  /// The packed forms serve one way of a training step each.
  func dropPacked() {
    for parameter in [queryWeight, keyWeight, valueWeight] { parameter?.dropPacked() }
  }

  /// Shows the weights that are present.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("query_weight", &queryWeight)
    visitor.parameter("query_bias", &queryBias)
    visitor.parameter("key_weight", &keyWeight)
    visitor.parameter("value_weight", &valueWeight)
    visitor.parameter("value_bias", &valueBias)
    visitor.parameter("energy", &energy)
    visitor.parameter("location_filter", &locationFilter)
    visitor.parameter("location_weight", &locationWeight)
  }
}
