import Configuration
import Forecasting
import Foundation
import ModelFiles
import Testing
import Training

@Suite struct ForecastingTaskTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A wave with a period of eight rows, and its recipe.
  private func recipe(
    _ kind: String = "direct", output: String = "kind: point", epochs: Int = 3, rows: Int = 160,
    csv: String? = nil
  ) throws -> ForecastingRecipe {
    let waves = (0..<rows).map { "\($0),\(10 + 3 * sin(Double($0) * .pi / 4))\n" }.joined()
    let path = try folder.write("waves.csv", csv ?? "time,y\n" + waves)
    return try ConfigurationFile.decode(
      yaml: """
        task: forecasting
        file: \(path)
        epochs: \(epochs)
        data: {targets: [y]}
        contextLength: 16
        predictionLength: 4
        seasonLength: 8
        model: {kind: \(kind), cell: gru, hiddenSize: 8, dropout: 0.1}
        output: {\(output)}
        batching: {size: 32}
        optimizer: {learningRate: 0.02}
        """, file: "waves.yaml")
  }

  private func run(
    _ recipe: ForecastingRecipe, _ name: String, resume: Bool = false, stop: StopFlag = StopFlag()
  ) throws -> TrainingOutcome {
    var options = TrainerOptions(outputFolder: folder.path + "/" + name)
    options.resume = resume
    return try Trainer<ForecastingTask>(recipe, options: options, stop: stop).run()
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + path))
  }

  @Test(arguments: [
    ("direct", "kind: quantiles"), ("autoregressive", "kind: gaussian"),
  ])
  func aWaveIsLearned(kind: String, output: String) throws {
    let outcome = try run(recipe(kind, output: output, epochs: 25), "out")
    guard case .finished(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    // The naive forecast of a wave errs by about as much as the wave's deviation.
    #expect(try #require(best.measures[.mse]) < 0.05)
    #expect(try #require(best.measures[.crps]) < 0.2)
    #expect(best.measures.keys.contains(.mae))
    let file = try ModelFile(reading: folder.path + "/out/best.safetensors")
    let forecaster = try Forecaster(file)
    #expect(forecaster.configuration.predictionLength == 4)
  }

  @Test(arguments: ["direct", "autoregressive"])
  func aTrainingStoppedAfterEveryStepEndsWithTheSameBits(kind: String) throws {
    let recipe = try recipe(kind, epochs: 2)
    let expected = try run(recipe, "whole")
    let raised = StopFlag()
    raised.raise()
    var outcome = try run(recipe, "pieces", stop: raised)
    var stops = 0
    while case .interrupted = outcome, stops < 50 {
      stops += 1
      outcome = try run(recipe, "pieces", resume: true, stop: raised)
    }
    #expect(stops >= 4 && outcome == expected)
    for name in ["last", "best"] {
      #expect(try bytes("pieces/\(name).safetensors") == bytes("whole/\(name).safetensors"))
    }
  }

  @Test func recipesAreStoredAsTheyAreRead() throws {
    let recipe = try recipe()
    let text = try ConfigurationFile.yaml(of: recipe)
    let again: ForecastingRecipe = try ConfigurationFile.decode(yaml: text, file: "again")
    #expect(again == recipe)
    for bad in ["trainingStride: 0", "file: ''", "task: transcription", "contextLength: 0"] {
      let override = bad.replacing(": ", with: "=")
      #expect(throws: ConfigurationError.self) {
        try ConfigurationFile.decode(
          ForecastingRecipe.self, yaml: text, file: "again", overrides: [override])
      }
    }
  }

  @Test func badSeriesAreRefusedByName() throws {
    func message(_ csv: String) throws -> String {
      let recipe = try recipe(csv: csv)
      do {
        _ = try run(recipe, "bad-\(csv.count)-\(csv.hashValue)")
      } catch let error as TrainerError {
        return "\(error)"
      }
      return ""
    }
    let rows = (0..<40).map { "\($0),1\n" }.joined()
    #expect(try message("time,y\n0,1\n1\n").contains("line 3: found 1 field, expected 2"))
    #expect(try message("time,y\n0,1\n1,much\n").contains("line 3, column 'y': found 'much'"))
    #expect(try message("time,y\n1,1\n0,1\n").contains("line 3: 0 comes after 1"))
    #expect(try message("time,y\n" + rows + "45,1\n").contains("5 rows are missing between 39"))
    #expect(
      try message("time,y\n0,1\n1,2\n2,1\n").contains(
        "expected at least 20 in the training part of a series, for one window"))
  }
}
