import CKernels

/// The kind of number that a matrix product multiplies.
///
/// Whatever it is, tensors hold 32-bit floats, and so do optimisers and states: operands are
/// rounded on their way into a product, whose sums are exact or 32-bit floats.
public enum Precision: String, Codable, Sendable, CaseIterable {
  /// 32-bit floats.
  case fp32
  /// The upper 16 bits of a 32-bit float, rounded to nearest even ("bfloat16"), with sums in 32 bits:
  /// on processors that have the instruction, two products in the time of one (Kalamkar et al.
  /// 2019). Elsewhere the same sums are made in twice the steps.
  case bf16
  /// Whole numbers from −127 to 127 with a scale for each row of a weight and for each row that is
  /// multiplied with it; for models in use only.
  case int8

  var code: Int32 {
    switch self {
    case .fp32: Int32(SCRIBE_FLOAT32)
    case .bf16: Int32(SCRIBE_BFLOAT16)
    case .int8: Int32(SCRIBE_INT8)
    }
  }

  /// How many numbers share a unit of 32 bits.
  var perUnit: Int {
    switch self {
    case .fp32: 1
    case .bf16: 2
    case .int8: 4
    }
  }
}
