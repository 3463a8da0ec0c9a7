#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Array<Float> {
  /// e to the power of each element.
  var exponentials: [Float] { map { exp($0) } }
}

/// What a mean cost in nats says as a perplexity, eˣ.
func perplexity(ofNats cost: Double) -> Double { exp(cost) }

/// The natural logarithm of 2: nats in a bit.
let natsPerBit = 0.693_147_180_559_945_3
