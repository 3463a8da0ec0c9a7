import Autograd
import Configuration
import Layers
import ModelFiles
import Sequences
import TestSupport
import Tensors
import Testing

@Suite struct SequenceModelTests {
  @Test(arguments: SequencePooling.Kind.allCases)
  func aClassifierLearnsWhatCameFirst(pooling: SequencePooling.Kind) throws {
    let examples = Examples.firstOfTwo(64, seed: 90)
    let encoder = try Examples.encoder(examples.map(\.content), unit: .character)
    var random = RandomSource(seed: 91)
    var classifier = try SequenceClassifier(
      Examples.configuration(pooling: pooling), encoder: encoder, labels: ["A", "B"],
      random: &random)
    let batch = SequenceBatch(try examples.map { try encoder.encode($0.content) })
    let targets = examples.map { [classifier.model.index(of: $0.label) ?? 0] }
    classifier.model.network = Examples.train(classifier.model.network, steps: 80) {
      network, _, tape in
      var current = classifier
      current.model.network = network
      return current.model.loss(batch, targets: targets, on: tape)
    }
    let unseen = Examples.firstOfTwo(60, seed: 92)
    var counts = LabelCounts(labels: classifier.model.labels)
    for example in unseen {
      let found = try classifier.classify(example.content)
      counts.add(
        expected: try #require(classifier.model.index(of: example.label)),
        found: try #require(classifier.model.index(of: found.label)))
      #expect((found.attention != nil) == (pooling == .attention))
    }
    #expect(counts.errorRate < 0.1, "\(counts.counts), seeds 90, 91, 92")
  }

  @Test func aLabellerLearnsParity() throws {
    let examples = Examples.parity(48, seed: 93)
    let encoder = try Examples.encoder(examples.map(\.content), unit: .word)
    var random = RandomSource(seed: 94)
    var labeller = try SequenceLabeller(
      Examples.configuration(.lstm, direction: .forward), encoder: encoder,
      labels: ["even", "odd"], random: &random)
    let batch = SequenceBatch(try examples.map { try encoder.encode($0.content) })
    let targets = examples.map { $0.labels.map { labeller.model.index(of: $0) ?? 0 } }
    labeller.model.network = Examples.train(labeller.model.network, steps: 150) {
      network, _, tape in
      var current = labeller
      current.model.network = network
      return current.model.loss(batch, targets: targets, on: tape)
    }
    let unseen = Examples.parity(40, seed: 95)
    let wrong = try unseen.count { try labeller.label($0.content) != $0.labels }
    #expect(wrong <= 2, "\(wrong) of 40 sequences wrong, seeds 93, 94, 95")
  }

  @Test func neighboursInABatchChangeNothing() throws {
    let contents = Examples.firstOfTwo(5, seed: 96).map(\.content)
    let encoder = try Examples.encoder(contents, unit: .character)
    var random = RandomSource(seed: 97)
    let classifier = try SequenceClassifier(
      Examples.configuration(pooling: .attention), encoder: encoder, labels: ["A", "B"],
      random: &random)
    let together = classifier.classify(try contents.map { try encoder.encode($0) })
    #expect(try contents.map { try classifier.classify($0) } == together)
    expectClose([together[0].probabilities.reduce(0, +)], [1], absolute: 1e-6)
    expectClose([together[0].attention?.reduce(0, +) ?? 0], [1], absolute: 1e-6)
  }

  @Test func filesGiveTheSameModelBack() throws {
    let folder = try TemporaryFolder()
    let rows: [SequenceContent] = [.rows([[1, 2], [3, 5]]), .rows([[0, -1]])]
    let encoder = SequenceEncoder(scaling: rows, features: ["x", "y"])
    var random = RandomSource(seed: 98)
    let classifier = try SequenceClassifier(
      Examples.configuration(.rnn, pooling: .mean), encoder: encoder, labels: ["A", "B", "C"],
      random: &random)
    let path = folder.path + "/model.safetensors"
    try classifier.modelFile().write(to: path)
    let read = try SequenceClassifier(ModelFile(reading: path))
    for content in rows { #expect(try read.classify(content) == classifier.classify(content)) }
    #expect(read.model.configuration == classifier.model.configuration)
    #expect(throws: CheckpointError.self) { try SequenceLabeller(ModelFile(reading: path)) }

    let labeller = try SequenceLabeller(
      Examples.configuration(), encoder: encoder, labels: ["A", "B"], random: &random)
    try labeller.modelFile().write(to: path)
    #expect(
      try SequenceLabeller(ModelFile(reading: path)).label(rows[0]) == labeller.label(rows[0]))
  }

  @Test func aFileWithoutLabelsIsRefused() throws {
    var random = RandomSource(seed: 99)
    var file = try SequenceClassifier(
      Examples.configuration(), encoder: .tokens(Vocabulary(["a"], unit: .word)),
      labels: ["A", "B"], random: &random
    ).modelFile()
    try file.encode(["A", "A"], as: .labels)
    #expect(throws: CheckpointError.self) { try SequenceClassifier(file) }
  }

  @Test func oneLabelIsNothingToTellApart() {
    var random = RandomSource(seed: 1)
    #expect(throws: SequencesError.tooFewLabels(found: ["A"])) {
      try SequenceClassifier(
        Examples.configuration(), encoder: .tokens(Vocabulary(["a"], unit: .word)),
        labels: ["A"], random: &random)
    }
  }

  @Test func configurationsAreStrict() throws {
    let read: SequenceModelConfiguration = try ConfigurationFile.decode(
      yaml: "{pooling: attention, recurrent: {cell: lstm, direction: bidirectional}}", file: "x")
    #expect(read.pooling == .attention && read.recurrent.direction == .bidirectional)
    for yaml in ["pool: mean", "embeddingSize: 0", "recurrent: {dropout: 1}", "pooling: least"] {
      #expect(throws: ConfigurationError.self, "\(yaml)") {
        try ConfigurationFile.decode(SequenceModelConfiguration.self, yaml: yaml, file: "x")
      }
    }
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(
        LanguageModelConfiguration.self, yaml: "recurrent: {direction: bidirectional}", file: "x")
    }
  }
}
