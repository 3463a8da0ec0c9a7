import Classification
import Foundation
import ModelFiles
import Synchronization
import Tables
import Tensors
import Testing
import Training

@Suite struct ClassificationTaskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// A recipe over a table of bits.
  private func recipe(
    _ rows: String, perceptron variant: PerceptronConfiguration.Variant? = nil
  ) throws -> ClassificationRecipe {
    var recipe = ClassificationRecipe()
    recipe.data.table = try folder.write("\(rows.hashValue).csv", "a,b,class\n" + rows)
    recipe.data.label = "class"
    (recipe.rules.epochs, recipe.rules.batching.size) = (60, 3)
    recipe.rules.optimizer.kind = .adam
    recipe.rules.optimizer.learningRate = 0.1
    if let variant {
      var perceptron = PerceptronConfiguration()
      perceptron.variant = variant
      recipe.model = .perceptron(perceptron)
    } else {
      var net = FeedForwardConfiguration()
      (net.hiddenSizes, net.activation) = ([6], .tanh)
      recipe.model = .feedForward(net)
    }
    return recipe
  }

  private static let exclusiveOr = "0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n"
  private static let or = "0,0,no\n0,1,yes\n1,0,yes\n1,1,yes\n"

  /// Small pictures of two kinds in IDX files, which distortion and dropout vary.
  private func pictures() throws -> ClassificationRecipe {
    var random = RandomSource(seed: 3)
    var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
    for index in 0..<14 {
      labels.append(UInt8(index % 2))
      for y in 0..<8 {
        for x in 0..<8 {
          let isInk = (index % 2 == 0 ? x : y) / 2 == 1 + index % 3 / 2
          pixels.append(isInk ? 255 : UInt8(random.integer(in: 0...60)))
        }
      }
    }
    func header(_ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, UInt8($0)] }
    }
    var recipe = ClassificationRecipe()
    recipe.data.images = try folder.write("images", bytes: header([14, 8, 8]) + pixels)
    recipe.data.labels = try folder.write("labels", bytes: header([14]) + labels)
    (recipe.heldBack.count, recipe.heldBack.atRandom) = (4, true)
    var distortion = DistortionConfiguration()
    (distortion.rotation, distortion.shift, distortion.elasticAmplitude) = (10, 1, 2)
    recipe.distortion = distortion
    recipe.standardize = true
    var net = FeedForwardConfiguration()
    (net.hiddenSizes, net.batchNorm, net.dropout, net.inputDropout) = ([12, 9], true, 0.2, 0.1)
    recipe.model = .feedForward(net)
    (recipe.rules.epochs, recipe.rules.batching.size) = (3, 4)
    recipe.rules.optimizer.learningRate = 0.01
    return recipe
  }

  private func run(
    _ recipe: ClassificationRecipe, _ name: String, resume: Bool = false,
    stop: StopFlag = StopFlag(), note: @escaping (String) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    var options = TrainerOptions(outputFolder: path(name))
    options.resume = resume
    return try Trainer<ClassificationTask>(
      recipe, options: options, stop: stop,
      reporter: ProgressReporter(output: .init(isTerminal: false, write: note))
    ).run()
  }

  private func best(_ outcome: TrainingOutcome) throws -> TrainingRecord {
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      throw CancellationError()
    }
    return best
  }

  @Test func aNetLearnsExclusiveOr() throws {
    let best = try best(run(recipe(Self.exclusiveOr), "xor"))
    #expect(best.measures[.errorRate] == 0)
    let classifier = try Classifier(reading: path("xor/best.safetensors"))
    let table = try Table(text: "b,a\n1,1\n0,1\n", name: "t")
    let rows = try ExampleReader(input: classifier.input).rows(table)
    #expect(classifier.answers(rows).map { classifier.input.classes[$0.label] } == ["no", "yes"])
  }

  @Test(arguments: PerceptronConfiguration.Variant.allCases)
  func aPerceptronSaysThatItCannotLearnIt(variant: PerceptronConfiguration.Variant) throws {
    var recipe = try recipe(Self.exclusiveOr, perceptron: variant)
    // With corners of 0 and 1 the rule never comes by weights that get three right.
    (recipe.rules.epochs, recipe.standardize) = (20, true)
    var notes = ""
    let best = try best(run(recipe, "xor") { notes += $0 })
    let rate = try #require(best.measures[.errorRate])
    #expect(rate >= 0.25)
    #expect(notes.contains("in 20 passes") && notes.contains("not linearly separable"))
    #expect(!notes.contains("Novikoff"))
    if variant == .pocket { #expect(rate == 0.25) }
  }

  @Test(arguments: PerceptronConfiguration.Variant.allCases)
  func aPerceptronEndsWhenNothingIsWrong(variant: PerceptronConfiguration.Variant) throws {
    var notes = ""
    _ = try run(recipe(Self.or, perceptron: variant), "or") { notes += $0 }
    let epochs = try MetricsLog.read(path("or/metrics.jsonl")).filter { $0.kind == .epoch }
    #expect(epochs.count < 60 && epochs.last?.loss == 0)
    #expect(epochs.dropLast().allSatisfy { ($0.loss ?? 0) > 0 })
    #expect(notes.contains("0 in the last") && notes.contains("(R/γ)² = 27 mistakes"))
    // To resume what is complete changes nothing.
    let before = try Data(contentsOf: URL(fileURLWithPath: path("or/last.safetensors")))
    _ = try run(recipe(Self.or, perceptron: variant), "or", resume: true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path("or/last.safetensors"))) == before)
  }

  @Test func numbersAreLearned() throws {
    var rows = ""
    for index in 0..<40 {
      let (a, b) = (index % 7, index % 5)
      rows += "\(a),\(b),\(100 + 20 * a - 30 * b)\n"
    }
    var recipe = try recipe(rows)
    (recipe.data.label, recipe.data.targets, recipe.standardize) = (nil, ["class"], true)
    recipe.model = .feedForward(FeedForwardConfiguration())
    recipe.rules.optimizer.learningRate = 0.01
    let best = try best(run(recipe, "line"))
    // The numbers have a deviation of about 58.
    #expect(try #require(best.measures[.mse]) < 9)
    let classifier = try Classifier(reading: path("line/best.safetensors"))
    let asked = try ExampleReader(input: classifier.input).rows(
      Table(text: "a,b\n3,2\n", name: "t"))
    #expect(abs(classifier.outputs(asked).scalars[0] - 100) < 9)
  }

  @Test(arguments: [nil] + PerceptronConfiguration.Variant.allCases.map { $0 as _? })
  func stoppedAfterEveryStepItEndsWithTheSameBits(
    variant: PerceptronConfiguration.Variant?
  ) throws {
    var recipe = try pictures()
    if let variant {
      var perceptron = PerceptronConfiguration()
      perceptron.variant = variant
      recipe.model = .perceptron(perceptron)
    }
    let expected = try run(recipe, "whole")
    let raised = StopFlag()
    raised.raise()
    var outcome = try run(recipe, "pieces", stop: raised)
    var stops = 0
    while case .interrupted = outcome, stops < 20 {
      stops += 1
      outcome = try run(recipe, "pieces", resume: true, stop: raised)
    }
    #expect(stops > 2 && outcome == expected)
    for file in ["last", "best"] {
      let pair = try ["whole", "pieces"].map {
        try Data(contentsOf: URL(fileURLWithPath: path("\($0)/\(file).safetensors")))
      }
      #expect(pair[0] == pair[1], "\(file)")
    }
  }

  @Test func badDataIsRefusedByName() throws {
    let text = try recipe("0,0,no\n0,one,yes\n")
    let error = #expect(throws: TrainerError.self) { try run(text, "text") }
    #expect(
      error?.description.hasSuffix("line 3, column 'b': found 'one', expected a number") == true)
    let ragged = #expect(throws: TrainerError.self) { try run(recipe("0,0,no\n0,1\n"), "ragged") }
    #expect(ragged?.description.contains("line 3: found 2 fields, expected 3") == true)
    var many = try pictures()
    many.heldBack.count = 14
    let held = #expect(throws: TrainerError.self) { try run(many, "held") }
    #expect("\(try #require(held))" == "heldBack is 14, but there are 14 examples; hold back fewer")
  }

  @Test func recipesAreChecked() throws {
    var table = try recipe(Self.or)
    table.distortion = DistortionConfiguration()
    #expect(throws: TrainerError.self) { try run(table, "a") }
    var numbers = try recipe(Self.or, perceptron: .plain)
    (numbers.data.label, numbers.data.targets) = (nil, ["a"])
    #expect(throws: TrainerError.self) { try run(numbers, "b") }
    var both = try recipe(Self.or)
    (both.validation, both.heldBack.count) = (both.data, 1)
    #expect(throws: TrainerError.self) { try run(both, "c") }
  }
}
