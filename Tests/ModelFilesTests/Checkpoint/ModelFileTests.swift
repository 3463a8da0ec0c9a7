import Autograd
import Layers
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite struct ModelFileTests {
  struct Network: Module {
    var layers: [Linear]
    var head: Linear?

    init(sizes: [Int], head: Int? = nil, seed: UInt64 = 1) {
      var random = RandomSource(seed: seed)
      layers = zip(sizes, sizes.dropFirst()).map {
        Linear(inputSize: $0, outputSize: $1, random: &random)
      }
      self.head = head.map {
        Linear(inputSize: sizes[sizes.count - 1], outputSize: $0, random: &random)
      }
    }

    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.modules("layers", &layers)
      visitor.module("head", &head)
    }
  }

  struct Settings: Codable, Equatable {
    var hiddenSize = 5
    var rate: Double = 0.1
    var name = "a/b"
  }

  private func values(_ model: Network) -> [[Float]] {
    model.namedParameters.map(\.parameter.value.scalars)
  }

  @Test func aModelComesBackExactly() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.safetensors")
    let model = Network(sizes: [3, 4, 5], head: 2)
    var file = ModelFile(kind: "network")
    file.store(model)
    try file.encode(Settings(), as: .configuration)
    try file.encode(["a", "é", "\""], as: .alphabet)
    file[.languages] = "en"
    try file.write(to: path)

    let read = try ModelFile(reading: path)
    #expect(read.kind == "network" && read.path == path && read[.languages] == "en")
    #expect(try read.decode(Settings.self, from: .configuration) == Settings())
    #expect(read[.configuration] == "{\"hiddenSize\":5,\"name\":\"a/b\",\"rate\":0.1}")
    #expect(try read.decode([String].self, from: .alphabet) == ["a", "é", "\""])
    var other = Network(sizes: [3, 4, 5], head: 2, seed: 9)
    #expect(values(other) != values(model))
    try read.load(into: &other)
    #expect(values(other) == values(model))
    #expect(
      Set(read.parameters.map(\.name)) == Set(model.namedParameters.map(\.path)))
  }

  @Test func aLoadedModelComputesWithTheLoadedWeights() throws {
    let model = Network(sizes: [3, 4])
    var file = ModelFile(kind: "network")
    file.store(model)
    var other = Network(sizes: [3, 4], seed: 9)
    let x = Variable(Tensor(rows: [[1, -2, 3]]))
    let before = other.layers[0](x).tensor  // packs the old weights
    try file.load(into: &other)
    #expect(other.layers[0](x).tensor == model.layers[0](x).tensor)
    #expect(other.layers[0](x).tensor != before)
  }

  @Test func everyDifferenceIsListed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.safetensors")
    var file = ModelFile(kind: "network")
    file.store(Network(sizes: [3, 4, 5, 6]))
    file.setGroup("optimizer", to: [("x", Tensor([1]))])
    try file.write(to: path)
    let read = try ModelFile(reading: path)
    var other = Network(sizes: [3, 4, 7], head: 2, seed: 9)
    let before = values(other)
    let error = try #require(throws: CheckpointError.self) { try read.load(into: &other) }
    #expect(
      error
        == .doesNotFit(
          path: path, model: "a model of kind 'network'",
          differences: [
            .shape(name: "layers.1.weight", found: [5, 4], expected: [7, 4]),
            .shape(name: "layers.1.bias", found: [5], expected: [7]),
            .missing(name: "head.weight", expected: [2, 7]),
            .missing(name: "head.bias", expected: [2]),
            .superfluous(name: "layers.2.bias", found: [6]),
            .superfluous(name: "layers.2.weight", found: [6, 5]),
          ]))
    #expect("\(error)".contains("layers.1.weight is [5, 4] in the file, expected [7, 4]"))
    #expect("\(error)".contains("head.bias [2] is missing"))
    #expect(values(other) == before)
  }

  @Test func trainingStateIsKeptApart() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.safetensors")
    let model = Network(sizes: [2, 3])
    var file = ModelFile(kind: "network")
    file.store(model)
    let momenta = model.namedParameters.map {
      ($0.path, Tensor(repeating: 0.5, $0.parameter.shape))
    }
    file.setGroup("momentum", to: momenta)
    file.setGroup("momentum2", to: [("a", Tensor([1])), ("b", Tensor([2]))])
    file.setGroup("momentum2", to: [("a", Tensor([3]))])
    file[.trainingState] = "{\"step\":7}"
    file.store(model)
    try file.write(to: path)

    let read = try ModelFile(reading: path)
    #expect(read[.trainingState] == "{\"step\":7}")
    #expect(read.group("momentum").map(\.name) == ["layers.0.bias", "layers.0.weight"])
    #expect(read.group("momentum")[1].tensor == Tensor(repeating: 0.5, [3, 2]))
    #expect(read.group("momentum2").map(\.tensor) == [Tensor([3])])
    #expect(read.group("none").isEmpty)
    var other = Network(sizes: [2, 3], seed: 9)
    try read.load(into: &other)
    #expect(values(other) == values(model))
    let finished = read.withoutTrainingState
    #expect(finished.tensors.map(\.name) == ["layers.0.bias", "layers.0.weight"])
    #expect(finished[.trainingState] == nil && finished.kind == "network")
  }

  @Test func foreignFilesAreNotModels() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x")
    try SafetensorsFile(tensors: [("w", Tensor([1]))]).write(to: path)
    #expect(throws: CheckpointError.missingEntry(path: path, key: "formatVersion")) {
      try ModelFile(reading: path)
    }
    try SafetensorsFile(metadata: ["formatVersion": "1"]).write(to: path)
    #expect(throws: CheckpointError.missingEntry(path: path, key: "kind")) {
      try ModelFile(reading: path)
    }
    try SafetensorsFile(metadata: ["formatVersion": "2", "kind": "k"]).write(to: path)
    #expect(
      throws: CheckpointError.unsupportedVersion(path: path, found: "2", expected: "1")
    ) { try ModelFile(reading: path) }
  }

  @Test func entriesAreChecked() throws {
    var file = ModelFile(kind: "a")
    #expect(throws: Never.self) { try file.expect(kind: "a") }
    #expect(
      throws: CheckpointError.wrongKind(path: "the model in memory", found: "a", expected: "b")
    ) { try file.expect(kind: "b") }
    #expect(
      throws: CheckpointError.missingEntry(path: "the model in memory", key: "configuration")
    ) { try file.decode(Settings.self, from: .configuration) }
    for (json, words) in [
      ("{\"hiddenSize\":5}", "missing"), ("{", "not readable"), ("", "not readable"),
      ("{\"hiddenSize\":\"5\",\"rate\":1,\"name\":\"\"}", "'hiddenSize'"),
    ] {
      file[.configuration] = json
      let error = try #require(throws: CheckpointError.self) {
        try file.decode(Settings.self, from: .configuration)
      }
      #expect("\(error)".contains(words), "\(error)")
    }
    let error = try #require(throws: CheckpointError.self) {
      try file.encode(Settings(rate: .nan), as: .configuration)
    }
    #expect("\(error)".contains("'rate': nan"), "\(error)")
  }

  @Test func errorsOfWritingNameThePath() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("none/x")
    #expect(throws: CheckpointError.file(.notFound(path: path))) {
      try ModelFile(kind: "a").write(to: path)
    }
  }
}
