import Foundation
import Sequences
import Testing

@Suite struct VocabularyTests {
  @Test func tokensByFrequency() throws {
    let counts = Vocabulary.counts(
      in: [.text("b a b"), .tokens(["c", "b", "d"])], unit: .word)
    #expect(counts == ["a": 1, "b": 3, "c": 1, "d": 1])
    let vocabulary = try Vocabulary(counts: counts, unit: .word, maximumSize: 3)
    #expect(vocabulary.tokens == ["b", "a", "c"])
    #expect(vocabulary.labelCount == 5)
    #expect(vocabulary.label(of: "b") == 2)
    #expect(vocabulary.label(of: "d") == Vocabulary.unknown)
    #expect(vocabulary.token(of: 4) == "c")
    #expect(vocabulary.token(of: Vocabulary.unknown) == nil)
    #expect(vocabulary.token(of: 5) == nil)
    #expect(try Vocabulary(counts: counts, unit: .word, minimumCount: 2).tokens == ["b"])
  }

  @Test func anEmptyOneIsRefused() {
    #expect(throws: SequencesError.emptyVocabulary(minimumCount: 2)) {
      try Vocabulary(counts: ["a": 1], unit: .word, minimumCount: 2)
    }
    #expect(throws: SequencesError.emptyVocabulary(minimumCount: 9)) {
      try TokenStream.vocabulary(of: ["one line"], unit: .character, minimumCount: 9)
    }
  }

  @Test func unitsOfText() {
    // An accent that follows its letter belongs to it.
    #expect(TextUnit.character.split("e\u{301} n") == ["é", " ", "n"])
    #expect(TextUnit.word.split("  a dog\truns ") == ["a", "dog", "runs"])
    #expect(TextUnit.word.join(["a", "dog", "\n", "runs"]) == "a dog\nruns")
    #expect(TextUnit.character.join(["a", " ", "b"]) == "a b")
  }

  @Test func survivesJSON() throws {
    let vocabulary = Vocabulary(["a", "\n", "é"], unit: .character)
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: data) == vocabulary)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        Vocabulary.self, from: Data(#"{"unit":"word","tokens":["a","a"]}"#.utf8))
    }
  }

  @Test func encoders() throws {
    let tokens = SequenceEncoder.tokens(Vocabulary(["a", "b"], unit: .character))
    #expect(try tokens.encode(.text("abz")) == .labels([2, 3, 1]))
    #expect(try tokens.encode(.tokens(["b"])) == .labels([3]))
    #expect(throws: SequencesError.self) { try tokens.encode(.text("")) }
    #expect(throws: SequencesError.self) { try tokens.encode(.rows([[1]])) }

    // Deviation 2 about 3; a feature that never changes is only moved to zero.
    let rows = SequenceContent.rows([[1, 7], [5, 7]])
    let numbers = SequenceEncoder(scaling: [rows], features: ["x", "y"])
    #expect(try numbers.encode(rows) == .frames([[-1, 0], [1, 0]]))
    #expect(throws: SequencesError.self) { try numbers.encode(.rows([[1, 2], [1]])) }
    #expect(throws: SequencesError.self) { try numbers.encode(.text("a")) }
  }
}
