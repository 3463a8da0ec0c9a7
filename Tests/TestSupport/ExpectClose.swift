import Tensors
import Testing

/// Expects two sequences of floats to agree within `absolute + relative · |expected|`.
public func expectClose(
  _ found: some Collection<Float>, _ expected: some Collection<Float>, absolute: Float = 0,
  relative: Float = 0, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.count == expected.count else {
    Issue.record(
      "\(comment): \(found.count) values, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  for (index, (a, b)) in zip(found, expected).enumerated()
  where !(abs(a - b) <= absolute + relative * abs(b)) && a != b {
    Issue.record(
      "\(comment) [\(index)]: got \(a), expected \(b) ± \(absolute + relative * abs(b))",
      sourceLocation: sourceLocation)
    return
  }
}

/// Expects two tensors to agree in shape and within the tolerance.
public func expectClose(
  _ found: Tensor, _ expected: Tensor, absolute: Float = 0, relative: Float = 0,
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
  expectClose(
    found.scalars, expected.scalars, absolute: absolute, relative: relative, comment,
    sourceLocation: sourceLocation)
}
