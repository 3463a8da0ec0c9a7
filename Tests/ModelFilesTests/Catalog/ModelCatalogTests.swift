import ModelFiles
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ModelCatalogTests {
  private let root: TemporaryFolder

  init() throws { root = try TemporaryFolder() }

  private func put(_ name: String, in folder: String, kind: String = "k") throws {
    _ = try root.makeFolder(folder)
    var model = ModelFile(kind: kind)
    model.tensors = [("w", Tensor(zeros: [100]))]
    try model.write(to: root.file("\(folder)/\(name).safetensors"))
  }

  private func catalog(
    _ variable: String? = nil, executable: String = "none/scribe", working: String = "elsewhere"
  ) -> ModelCatalog {
    ModelCatalog(
      variable: variable, executable: root.file(executable), workingFolder: root.file(working))
  }

  @Test func aCloneFindsItsModelsFromItsBuildFolder() throws {
    try put("digits", in: "clone/models")
    _ = try root.makeFolder("clone/.build/x86_64-unknown-linux-gnu/release")
    let catalog = catalog(executable: "clone/.build/x86_64-unknown-linux-gnu/release/scribe")
    #expect(try catalog.path(of: "digits") == root.file("clone/models/digits.safetensors"))
  }

  @Test func fiveFoldersAboveAreSearchedAndNotSix() throws {
    try put("m", in: "models")
    _ = try root.makeFolder("a/b/c/d/e/f")
    #expect(throws: Never.self) { try catalog(executable: "a/b/c/d/e/scribe").path(of: "m") }
    #expect(throws: CatalogError.self) {
      try catalog(executable: "a/b/c/d/e/f/scribe").path(of: "m")
    }
  }

  @Test func anInstallationFindsItsShare() throws {
    try put("digits", in: "usr/share/scribe/models")
    _ = try root.makeFolder("usr/bin")
    #expect(
      try catalog(executable: "usr/bin/scribe").path(of: "digits")
        == root.file("usr/share/scribe/models/digits.safetensors"))
  }

  @Test func theWorkingFolderIsTheLastAndTheVariableTheFirst() throws {
    for (folder, kind) in [("v1", "1"), ("v2", "2"), ("bin/models", "3"), ("w/models", "4")] {
      try put("shared", in: folder, kind: kind)
      try put("only\(kind)", in: folder)
    }
    let variable = "\(root.file("v1")):\(root.file("missing")):\(root.file("v2"))"
    let catalog = catalog(variable, executable: "bin/scribe", working: "w")
    #expect(
      catalog.folders == ["v1", "v2", "bin/models", "w/models"].map { root.file($0) })
    let (models, unreadable) = catalog.list()
    #expect(models.map(\.name) == ["only1", "only2", "only3", "only4", "shared"])
    #expect(models.last?.kind == "1" && unreadable.isEmpty)
    #expect(try catalog.path(of: "shared") == root.file("v1/shared.safetensors"))
  }

  @Test func oneFolderUnderTwoNamesIsSearchedOnce() throws {
    try put("m", in: "bin/models")
    let catalog = catalog(
      "\(root.path)/bin/../bin/models", executable: "bin/scribe", working: "bin")
    #expect(catalog.folders == ["\(root.path)/bin/../bin/models"])
  }

  @Test func pathsAreTakenAsTheyAre() throws {
    for path in ["./digits", "/a/b", "digits.safetensors", "a/b.safetensors"] {
      #expect(try catalog().path(of: path) == path)
    }
  }

  @Test func aListTellsWhatTheFilesTell() throws {
    let folder = try root.makeFolder("models")
    var model = ModelFile(kind: "deepSpeech2")
    model[.languages] = "en, fr"
    model[.recipe] = "configs/digits.yaml"
    model[.summary] = "Spoken digits."
    let figures = [
      MeasuredError(data: "test", characterErrorRate: 0.01, wordErrorRate: 0.02, count: 300)
    ]
    try model.encode(figures, as: .measuredErrors)
    model.tensors = [("w", Tensor(zeros: [1000]))]
    let path = folder + "/digits.safetensors"
    try model.write(to: path)
    let listed = catalog(folder).list().models
    let entry = try #require(listed.count == 1 ? listed[0] : nil)
    #expect(entry.name == "digits" && entry.path == path)
    #expect(try contents(of: path).count == entry.size)
    #expect(entry.kind == "deepSpeech2" && entry.languages == ["en", "fr"])
    #expect(entry.recipe == "configs/digits.yaml" && entry.summary == "Spoken digits.")
    #expect(entry.errors == figures)
  }

  @Test func filesThatAreNotModelsAreListedApart() throws {
    try put("good", in: "models")
    let folder = root.file("models")
    let text = folder + "/text.safetensors"
    try TestSupport.put(Array("hello".utf8), at: text)
    let foreign = folder + "/foreign.safetensors"
    try SafetensorsFile(tensors: [("w", Tensor([1]))]).write(to: foreign)
    _ = try root.makeFolder("models/folder.safetensors")
    try TestSupport.put([], at: folder + "/notes.txt")
    try TestSupport.put([], at: folder + "/.hidden.safetensors")
    let (models, unreadable) = catalog(folder).list()
    #expect(models.map(\.name) == ["good"])
    #expect(unreadable.map(\.name) == ["foreign", "text"])
    #expect(
      unreadable.map(\.error) == [
        .missingEntry(path: foreign, key: "formatVersion"),
        .notSafetensors(path: text, found: "only 5 bytes"),
      ])
  }

  @Test(arguments: [
    ("digit-en", "digits-en"), ("DIGITS-EN", "digits-en"), ("digtis-en", "digits-en"),
    ("digits", "digits-en"), ("lines-fr", nil), ("", nil), ("handwritng", "handwriting"),
  ]) func unknownNamesAreMet(name: String, suggestion: String?) throws {
    try put("digits-en", in: "models")
    try put("handwriting", in: "models")
    let folder = root.file("models")
    let error = try #require(throws: CatalogError.self) { try catalog(folder).path(of: name) }
    #expect(
      error
        == .unknownModel(
          name: name, suggestion: suggestion, known: ["digits-en", "handwriting"],
          searched: [folder]))
    #expect("\(error)".contains("there are: digits-en, handwriting"))
    if let suggestion { #expect("\(error)".contains("did you mean '\(suggestion)'?")) }
  }

  @Test func nothingInstalledIsSaid() throws {
    let error = try #require(throws: CatalogError.self) { try catalog().path(of: "digits") }
    #expect("\(error)".contains("none is installed") && "\(error)".contains("SCRIBE_MODELS"))
  }

  @Test func theRunningProgramHasAFolder() {
    // The test runner stands below the package, whatever its models folder holds.
    #expect(throws: Never.self) { ModelCatalog().list() }
  }
}
