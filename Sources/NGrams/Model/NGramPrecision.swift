/// How exactly a binary model stores its probabilities and back-offs.
public enum NGramPrecision: Int, CaseIterable, Sendable {
  /// One of 256 values per order.
  case bits8 = 8
  /// One of 4096 values per order.
  case bits12 = 12
  /// One of 65,536 values per order.
  case bits16 = 16
  /// As they are.
  case exact = 32
}
