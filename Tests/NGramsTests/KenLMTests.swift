import Foundation
import NGrams
import Testing

/// The same scores and the same estimates as KenLM.
@Suite struct KenLMTests {
  @Test(arguments: ["words3.arpa", "pruned.arpa", "pruned4.arpa", "limited.arpa", "odd.arpa"])
  func scoresAgree(name: String) throws {
    let model = try NGramModel(reading: References.path(name))
    let references = try #require(try References.scores()[name])
    #expect(references.count > 30)
    for reference in references {
      var state = model.begin
      let ids = reference.words.map { model.id(of: $0) } + [NGramModel.end]
      try #require(ids.count == reference.scores.count)
      for (id, expected) in zip(ids, reference.scores) {
        let (score, next) = model.score(state, id)
        #expect(abs(score - expected) < 1e-5, "\(model.word(id)) in '\(reference.sentence)'")
        state = next
      }
      let sum = reference.scores.reduce(0, +)
      #expect(abs(model.score(sentence: ids.dropLast()) - sum) < 1e-4)
    }
  }

  static let estimates: [(String, NGramEstimator)] = [
    ("words3.arpa", NGramEstimator(3)),
    ("words1.arpa", NGramEstimator(1)),
    ("pruned.arpa", NGramEstimator(3, pruning: [0, 0, 1])),
    ("pruned4.arpa", NGramEstimator(4, pruning: [0, 1, 2])),
    ("limited.arpa", NGramEstimator(3, vocabularyLimit: 12)),
  ]

  @Test(arguments: estimates) func estimatesAgree(name: String, estimator: NGramEstimator) throws {
    let folder = try TemporaryFolder()
    let model = try estimator.estimate([References.path("text.txt")]).model
    try model.writeARPA(to: folder.file("own.arpa"))
    let own = plainARPA(try String(contentsOfFile: folder.file("own.arpa"), encoding: .utf8))
    try expectEqual(own, plainARPA(try References.text(name)))
  }

  @Test func estimatesOfCharactersAgree() throws {
    let folder = try TemporaryFolder()
    let lines = try References.text("text.txt").split(separator: "\n").prefix(60)
    let text = try folder.write("text.txt", lines.joined(separator: "\n") + "\nthe old Ω")
    let estimate = try NGramEstimator(4, .character).estimate([text])
    try estimate.model.writeARPA(to: folder.file("own.arpa"))
    let own = plainARPA(try String(contentsOfFile: folder.file("own.arpa"), encoding: .utf8))
    #expect(own["<space>"] != nil && own["é"] != nil)
    try expectEqual(own, plainARPA(try References.text("characters4.arpa")))
  }

  private func expectEqual(
    _ own: [String: (Float, Float)], _ reference: [String: (Float, Float)]
  ) throws {
    #expect(own.count > 10)
    #expect(Set(own.keys) == Set(reference.keys))
    for (gram, (probability, backoff)) in reference {
      let (ownProbability, ownBackoff) = try #require(own[gram])
      #expect(abs(ownProbability - probability) < 1e-4, "\(gram)")
      #expect(abs(ownBackoff - backoff) < 1e-4, "\(gram)")
    }
  }
}
