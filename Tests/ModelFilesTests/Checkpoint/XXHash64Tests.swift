import Files
import Testing

@Suite struct XXHash64Tests {
  /// Made by `Reference/make_reference.py` with the xxHash authors' library.
  static let references: [(Int, UInt64)] = [
    (0, 0xEF46_DB37_51D8_E999),
    (1, 0x1F25_C8D0_BC1F_4BB6),
    (3, 0x31D2_363F_52E5_64C9),
    (4, 0x9BB6_4B7D_66EE_9FDA),
    (7, 0x9A7B_1499_59CE_60D8),
    (8, 0xDAB9_9D95_C6F9_0092),
    (12, 0xD52E_4078_33AF_5133),
    (31, 0xA2AA_5F33_CC4A_6119),
    (32, 0x23C3_C17E_F790_FD97),
    (33, 0x50A7_CFC7_BA58_8784),
    (63, 0x5E3E_54B4_31C7_493C),
    (64, 0x0EB6_4B3E_F6EE_B01F),
    (100, 0xA61F_8D4C_170F_E531),
    (255, 0x39AE_55A2_9989_206F),
    (1000, 0x5F23_5FA0_33F1_A3FB),
  ]
  static let data = (0..<1000).map { UInt8(($0 * 7 + 3) % 256) }

  @Test(arguments: references) func agreesWithTheReference(count: Int, expected: UInt64) {
    var hash = XXHash64()
    hash.update(Array(Self.data.prefix(count)))
    #expect(hash.digest == expected)
  }

  @Test(arguments: [1, 5, 8, 31, 32, 33, 47, 200]) func doesNotDependOnThePieces(size: Int) {
    var hash = XXHash64()
    for start in stride(from: 0, to: Self.data.count, by: size) {
      hash.update(Array(Self.data[start..<min(start + size, Self.data.count)]))
    }
    #expect(hash.digest == Self.references.last?.1)
  }
}
