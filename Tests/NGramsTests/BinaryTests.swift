import Foundation
import NGrams
import Testing

/// The binary form.
@Suite struct BinaryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All contexts of a text, each with all words behind it.
  private func scores(_ model: NGramModel) throws -> [Float] {
    let text = try References.text("text.txt").split(separator: "\n").prefix(40)
    return text.flatMap { line in
      var state = model.begin
      return line.split(separator: " ").flatMap { word in
        let scores = model.vocabulary.sorted().map { model.score(state, model.id(of: $0)).0 }
        state = model.score(state, model.id(of: String(word))).1
        return scores
      }
    }
  }

  @Test(arguments: ["words3.arpa", "pruned4.arpa", "odd.arpa"])
  func exactFormsAreTheSameModel(name: String) throws {
    let arpa = try NGramModel(reading: References.path(name))
    try arpa.write(to: folder.file("b"), precision: .exact)
    let binary = try NGramModel(reading: folder.file("b"))
    #expect(try scores(binary) == scores(arpa))
    #expect(binary.counts == arpa.counts && binary.note == arpa.note)
    try binary.write(to: folder.file("c"), precision: .exact)
    let files = try ["b", "c"].map { try Data(contentsOf: URL(filePath: folder.file($0))) }
    #expect(files[0] == files[1])
  }

  /// A score is a probability and at most two back-offs, each off by no more than the widest gap
  /// between values of its order lets it be.
  @Test(arguments: [NGramPrecision.bits8, .bits12, .bits16])
  func quantisedScoresAreNear(precision: NGramPrecision) throws {
    let arpa = try NGramEstimator(3).estimate([References.path("text.txt")]).model
    try arpa.write(to: folder.file("b"), precision: precision)
    let binary = try NGramModel(mapping: folder.file("b"))
    #expect(binary.precision == precision)
    try binary.writeARPA(to: folder.file("binary.arpa"))
    try arpa.writeARPA(to: folder.file("exact.arpa"))
    let near = plainARPA(try String(contentsOfFile: folder.file("binary.arpa"), encoding: .utf8))
    let exact = plainARPA(try String(contentsOfFile: folder.file("exact.arpa"), encoding: .utf8))
    #expect(Set(near.keys) == Set(exact.keys))
    var worst: Float = 0
    for order in 1...3 {
      let grams = exact.keys.filter { $0.split(separator: " ").count == order }
      for value in [\(Float, Float).0, \(Float, Float).1] {
        let table = Set(grams.compactMap { near[$0]?[keyPath: value] })
        #expect(table.count <= 1 << precision.rawValue)
        var orderWorst: Float = 0
        for gram in grams {
          let (own, wanted) = (
            try #require(near[gram])[keyPath: value],
            try #require(exact[gram])[keyPath: value]
          )
          let nearest = table.map { abs($0 - wanted) }.min() ?? 0
          #expect(abs(own - wanted) <= nearest, "\(gram) has not the nearest value")
          orderWorst = max(orderWorst, nearest)
        }
        worst += orderWorst
      }
    }
    for (own, wanted) in zip(try scores(binary), try scores(arpa)) {
      #expect(abs(own - wanted) <= worst + 1e-5)
    }
    // 638 different values at most: more than fit into 8 bits, fewer than fit into 12.
    #expect(precision == .bits8 ? worst > 0 && worst < 0.1 : worst == 0)
  }

  @Test func fewBytesAnNGram() throws {
    let text = try folder.write("t", Self.randomText(lines: 4000))
    let model = try NGramEstimator(3).estimate([text]).model
    try model.write(to: folder.file("b"), precision: .bits8)
    let binary = try NGramModel(reading: folder.file("b"))
    let count = binary.counts.reduce(0, +)
    #expect(count > 50_000 && binary.byteCount * 100_000 <= 1_000_000 * count)
  }

  /// Words of a long-tailed distribution, always the same.
  static func randomText(lines: Int) -> String {
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    return (0..<lines).map { _ in
      (0..<12).map { _ in "w\(Int(exp(uniform() * 8)))" }.joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// Every word after contexts with many children, against the numbers of the ARPA file.
  @Test func everyNGramIsFound() throws {
    let text = try folder.write("t", Self.randomText(lines: 800))
    let model = try NGramEstimator(3).estimate([text]).model
    try model.writeARPA(to: folder.file("a"))
    let grams = plainARPA(try String(contentsOfFile: folder.file("a"), encoding: .utf8))
    #expect(grams.count == model.counts.reduce(0, +) && model.vocabularyCount > 1000)
    for (gram, numbers) in grams where gram != "<s>" {
      let words = gram.split(separator: " ").map(String.init)
      var state = words.count > 1 && words[0] == "<s>" ? model.begin : model.empty
      for word in words.dropLast() where word != "<s>" {
        state = model.score(state, model.id(of: word)).1
      }
      let score = model.score(state, model.id(of: words[words.count - 1])).0
      #expect(score == numbers.0, "\(gram)")
    }
  }

  private func smallModel() throws -> [UInt8] {
    let text = try folder.write("t", "a b c\nb a\nc a b\n")
    try NGramEstimator(3).estimate([text]).model.write(
      to: folder.file("small"), precision: .exact)
    return Array(try Data(contentsOf: URL(filePath: folder.file("small"))))
  }

  @Test func everyCutIsRefused() throws {
    let bytes = try smallModel()
    for count in bytes.indices {
      let path = try folder.write("cut", bytes.prefix(count))
      let error = #expect(throws: NGramError.self, "\(count) bytes") {
        try NGramModel(mapping: path)
      }
      #expect(error?.description.hasPrefix(path) == true)
      #expect(throws: NGramError.self, "\(count) bytes") { try NGramModel(reading: path) }
    }
    let longer = try folder.write("longer", bytes + [0])
    #expect(throws: NGramError.self) { try NGramModel(reading: longer) }
  }

  @Test func everyFlippedByteIsRefused() throws {
    let bytes = try smallModel()
    for place in bytes.indices {
      for bit in [1, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[place] ^= bit
        let path = try folder.write("flipped", damaged)
        #expect(throws: NGramError.self, "byte \(place)") { try NGramModel(reading: path) }
      }
    }
  }

  /// Damage that a checksum of its own covers: an error or a model, never a fault.
  @Test func forgedModelsDoNoHarm() throws {
    let bytes = try smallModel()
    var accepted = 0
    for place in 16..<bytes.count {
      for value in [1, 0xFF] as [UInt8] {
        var forged = bytes
        forged[place] = value
        forged.replaceSubrange(8..<16, with: checksum(forged))
        guard let model = try? NGramModel(reading: folder.write("forged", forged)) else {
          continue
        }
        accepted += 1
        var state = model.begin
        for word in model.vocabulary + ["x"] { state = model.score(state, model.id(of: word)).1 }
        try model.writeARPA(to: folder.file("forged.arpa"))
      }
    }
    #expect(accepted > 0)
  }

  @Test func whatIsNoFile() {
    #expect(throws: NGramError.file(.notFound(path: folder.file("none")))) {
      try NGramModel(reading: folder.file("none"))
    }
    #expect(throws: NGramError.file(.isFolder(path: folder.path))) {
      try NGramModel(mapping: folder.path)
    }
  }
}
