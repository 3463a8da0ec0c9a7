import Classification
import Layers
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite struct ClassifierTests {
  private func input(_ edit: (inout ClassifierInput) -> Void = { _ in }) -> ClassifierInput {
    var input = ClassifierInput()
    (input.columns, input.classes, input.label) = (["x", "y"], ["no", "yes"], "answer")
    edit(&input)
    return input
  }

  private func examples(_ rows: [[Float]], labels: [Int] = []) -> Examples {
    let places = Examples.Places.lines(file: "a.csv", numbers: Array(rows.indices))
    return labels.isEmpty
      ? Examples(.numbers(rows.flatMap { $0 }), featureCount: rows[0].count, places: places)
      : Examples(
        .numbers(rows.flatMap { $0 }), featureCount: rows[0].count, places: places, labels: labels)
  }

  private func classifier(
    _ configuration: ClassifierConfiguration, _ input: ClassifierInput
  ) -> Classifier {
    var random = RandomSource(seed: 6)
    return Classifier(
      configuration: configuration, input: input,
      network: ClassifierNetwork(configuration, input: input, random: &random))
  }

  @Test func confusionWorkedByHand() {
    var matrix = ConfusionMatrix(classes: ["a", "bee"])
    for (label, answer) in [(0, 0), (0, 1), (1, 1), (1, 1), (0, 0)] {
      matrix.add(label: label, answer: answer)
    }
    #expect(matrix[0, 1] == 1 && matrix[1, 0] == 0 && matrix.count == 5 && matrix.wrongCount == 1)
    #expect(matrix.errorRate == 0.2 && matrix.recall(0) == 2.0 / 3 && matrix.precision(0) == 1)
    #expect(
      matrix.text == """
        class          a   bee  recall
        a              2     1    66.7
        bee            .     2   100.0
        precision  100.0  66.7

        """)
    #expect(ConfusionMatrix(classes: ["a", "b"]).recall(0) == nil)
  }

  @Test func perceptronAnswersByItsSums() throws {
    var perceptron = Perceptron(PerceptronConfiguration(), featureCount: 2, classCount: 2)
    perceptron.weight.value = Tensor(rows: [[1, -1, 0.5]])
    let classifier = Classifier(
      configuration: .perceptron(PerceptronConfiguration()), input: input(),
      network: .perceptron(perceptron))
    let answers = classifier.answers(examples([[2, 0], [0, 2], [0, 0.5]]))
    #expect(answers.map(\.label) == [1, 0, 0])
    #expect(answers[0].scores == [-1.25, 1.25] && answers[0].probabilities == nil)
    #expect(answers[0].ranking(5) == [1, 0])
  }

  @Test func netGivesProbabilities() {
    let net = classifier(.feedForward(FeedForwardConfiguration()), input())
    for answer in net.answers(examples([[2, 0], [0, 2], [100, -30]])) {
      #expect(abs((answer.probabilities ?? []).reduce(0, +) - 1) < 1e-5)
      #expect(answer.probabilities?[answer.label] == answer.probabilities?.max())
    }
  }

  @Test func featuresAreStandardizedAndNumbersRestored() {
    var configuration = FeedForwardConfiguration()
    configuration.hiddenSizes = []
    let input = input {
      ($0.classes, $0.targets) = ([], ["z"])
      $0.statistics = ColumnStatistics(mean: [10, 20], deviation: [2, 5])
      $0.targetStatistics = ColumnStatistics(mean: [100], deviation: [10])
    }
    var classifier = classifier(.feedForward(configuration), input)
    classifier.network.visitParameters { path, parameter in
      parameter.value = path.hasSuffix("bias") ? Tensor([1]) : Tensor(rows: [[3, 4]])
    }
    // (12 − 10) / 2 = 1 and (15 − 20) / 5 = −1: 3 − 4 + 1 = 0, and 0 · 10 + 100.
    #expect(classifier.outputs(examples([[12, 15], [14, 20]])).scalars == [100, 170])
  }

  @Test(arguments: ClassifierConfiguration.Kind.allCases)
  func filesGiveBackTheClassifier(kind: ClassifierConfiguration.Kind) throws {
    let folder = try TemporaryFolder()
    var perceptron = PerceptronConfiguration()
    perceptron.variant = .averaged
    var net = FeedForwardConfiguration()
    (net.hiddenSizes, net.batchNorm) = ([4, 3], true)
    let original = classifier(
      kind == .perceptron ? .perceptron(perceptron) : .feedForward(net),
      input { $0.statistics = ColumnStatistics(mean: [1, 2], deviation: [3, 4]) })
    let path = folder.path + "/model.safetensors"
    try original.modelFile().write(to: path)
    let read = try Classifier(reading: path)
    #expect(read.input == original.input && read.configuration == original.configuration)
    let rows = examples([[2, 0], [0, 2], [5, -3]])
    #expect(read.answers(rows) == original.answers(rows))
  }

  @Test func otherFilesAreRefused() throws {
    let speech = ModelFile(kind: "deepSpeech2")
    #expect(
      throws: CheckpointError.wrongKind(
        path: "model", found: "deepSpeech2", expected: "perceptron' or 'feedForward")
    ) { try Classifier(speech) }
    var file = try classifier(.feedForward(FeedForwardConfiguration()), input()).modelFile()
    file[.configuration] = file[.configuration]?.replacing("\"yes\"", with: "\"yes\",\"maybe\"")
    #expect(throws: CheckpointError.self) { try Classifier(file) }
    file[.configuration] = file[.configuration]?.replacing("256", with: "-5")
    #expect(throws: CheckpointError.self) { try Classifier(file) }
    file[.configuration] = "{}"
    #expect(throws: CheckpointError.self) { try Classifier(file) }
  }

  @Test func quantizedNetsAnswerTheSame() throws {
    let original = classifier(.feedForward(FeedForwardConfiguration()), input())
    var file = try original.modelFile()
    try file.quantize()
    let rounded = try Classifier(file)
    let rows = examples([[2, 0], [0, 2], [5, -3]])
    for (one, other) in zip(original.answers(rows), rounded.answers(rows)) {
      #expect(one.label == other.label)
      expectClose(other.probabilities ?? [], one.probabilities ?? [1], absolute: 0.02)
    }
  }
}
