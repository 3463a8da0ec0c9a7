import Files
import Foundation
import TestSupport
import Testing
import Translation

/// A folder of files that is removed with the object.
struct Texts {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init(_ files: [String: [UInt8]]) throws {
    folder = try TemporaryFolder()
    for (name, bytes) in files { try AtomicFile.write(bytes, to: folder.file(name)) }
  }

  /// Files of lines, each ended by a line feed.
  init(_ files: [String: ArraySlice<String>]) throws {
    try self.init(files.mapValues { $0.flatMap { Array(($0 + "\n").utf8) } })
  }

  subscript(name: String) -> String { folder.file(name) }
}

@Suite struct ParallelCorpusTests {
  @Test func linesArePairedWhateverTheirEnds() throws {
    let folder = try Texts([
      "a": Array("\u{FEFF}eins\r\nzwei\r\n\r\nvier".utf8),
      "b": Array("one\ntwo\nthree\nfour\n".utf8),
    ])
    let corpus = try ParallelCorpus(source: folder["a"], target: folder["b"])
    #expect(corpus.source == ["eins", "zwei", "", "vier"])
    #expect(corpus.target == ["one", "two", "three", "four"])
  }

  @Test func theFirstLineWithoutAPartnerIsNamed() throws {
    let folder = try Texts(["a": ["1", "2", "3"], "b": ["1", "2"]])
    let (a, b) = (folder["a"], folder["b"])
    for (source, target, counts) in [(a, b, (3, 2)), (b, a, (2, 3))] {
      let error = TranslationError.differentLengths(
        source: source, sourceCount: counts.0, target: target, targetCount: counts.1)
      #expect(throws: error) { try ParallelCorpus(source: source, target: target) }
      #expect("\(error)".contains("Line 3 of \(a) has no partner in \(b)"))
    }
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let folder = try Texts([
      "good": Array("a\n".utf8), "none": [], "blank": Array(" \n\n".utf8),
      "bad": [0x61, 0x0A, 0xC3, 0x28],
    ])
    for name in ["none", "blank"] {
      #expect(throws: TranslationError.empty(file: folder[name])) {
        try ParallelCorpus(source: folder["good"], target: folder[name])
      }
    }
    #expect(throws: TranslationError.notUTF8(file: folder["bad"], line: 2)) {
      try ParallelCorpus(source: folder["bad"], target: folder["good"])
    }
    #expect(throws: TranslationError.file(.notFound(path: folder["gone"]))) {
      try ParallelCorpus(source: folder["gone"], target: folder["good"])
    }
    #expect(throws: TranslationError.file(.isFolder(path: folder.path))) {
      try ParallelCorpus(source: folder.path, target: folder["good"])
    }
  }

  @Test func theFilterTellsWhatItLeftOutAndWhy() {
    let pairs = [(2, 2), (0, 1), (1, 0), (6, 6), (1, 3), (3, 1), (4, 2)]
    let all = PairFilter(maximumLength: 100)(pairs) { $0 }
    #expect(all.kept.count == 5)
    #expect("\(all.leftOut)" == "2 empty")
    let (kept, leftOut) = PairFilter(maximumLength: 5, maximumLengthRatio: 2)(pairs) { $0 }
    #expect(kept.map(\.0) == [2, 4])
    #expect(leftOut.count == 5)
    #expect("\(leftOut)" == "2 empty, 1 too long, 2 too uneven in length")
    #expect("\(PairFilter(maximumLength: 6)([(6, 6)]) { $0 }.leftOut)" == "none")
  }
}

/// The Multi30k corpus of captions (Elliott et al. 2016), where it has been fetched.
private let corpusFolder = (0..<4).reduce(URL(filePath: #filePath).resolvingSymlinksInPath()) {
  url, _ in url.deletingLastPathComponent()
}.deletingLastPathComponent().appending(path: "shared/data/translation").path(
  percentEncoded: false)

private let isCorpusThere = FileManager.default.fileExists(atPath: corpusFolder + "/val.en")

@Suite struct RealCorpusTests {
  @Test(.enabled(if: isCorpusThere, "shared/data/translation is not here"))
  func aSharedVocabularyWritesEverySentence() throws {
    let corpus = try ParallelCorpus(
      source: corpusFolder + "/val.en", target: corpusFolder + "/val.de")
    #expect(corpus.count == 1014)
    let pair = try VocabularyPair(
      learningFrom: corpus, vocabularyConfiguration(.bpe, size: 2000))
    for sentence in corpus.source + corpus.target {
      let tokens = pair.source.encode(sentence)
      #expect(!tokens.contains(pair.source.unknown))
      let words = SubwordNormalization.nfkc(sentence).split(separator: " ")
      #expect(pair.source.decode(tokens) == words.joined(separator: " "))
    }
  }
}
