import Layers
import ModelFiles
import Tensors
import Testing

/// The mean of models of one training.
@Suite struct ModelFileAverageTests {
  private func file(
    _ weights: [Float], configuration: String = "{}", kind: String = "net"
  ) -> ModelFile {
    var file = ModelFile(kind: kind)
    file[.configuration] = configuration
    file[.summary] = "what it is"
    file[.trainingRecord] = "{}"
    file.tensors = [("weight", Tensor(weights)), ("optimizer/weight", Tensor(weights))]
    return file
  }

  @Test func weightsAreMeansAndTheRestIsThatOfTheFirst() throws {
    let mean = try ModelFile.average([file([1, 2]), file([3, 5]), file([5, -1])])
    #expect(mean.tensors.map(\.name) == ["weight"])
    #expect(mean.tensors[0].tensor.scalars == [3, 2])
    #expect(mean[.summary] == "what it is" && mean[.trainingRecord] == nil)
  }

  @Test func oneModelStaysAsItIs() throws {
    #expect(try ModelFile.average([file([1, 2])]).tensors[0].tensor.scalars == [1, 2])
  }

  @Test func strangersAreRefused() throws {
    let first = file([1, 2])
    #expect(throws: CheckpointError.self) { try ModelFile.average([first, file([1], kind: "a")]) }
    let shape = #expect(throws: CheckpointError.self) {
      try ModelFile.average([first, file([1, 2, 3])])
    }
    guard case .doesNotFit(_, _, let differences)? = shape else {
      Issue.record("\(String(describing: shape))")
      return
    }
    #expect(differences == [.shape(name: "weight", found: [3], expected: [2])])
    let other = #expect(throws: CheckpointError.self) {
      try ModelFile.average([first, file([1, 2], configuration: "{\"a\":1}")])
    }
    #expect("\(try #require(other))".contains("configuration"))
  }
}
