import Foundation
import Testing

@Suite struct ArchitectureTests {
  /// Modules of the system that every target may import.
  static let system: Set<String> = [
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization",
  ]
  /// The most lines that a file may have.
  static let longestFile = 400

  let files: [SourceFile]
  let design: DependencyMap
  let manifest: DependencyMap

  init() throws {
    files = try SourceFile.all()
    design = dependencyMap(ofDesign: try read("docs/DESIGN.md"))
    manifest = dependencyMap(ofManifest: try read("Package.swift"))
  }

  @Test func everyImportIsAnArrowOfTheMap() throws {
    #expect(files.count > 10, "the sources were not found")
    for file in files {
      let allowed = try #require(
        design[file.target], "docs/DESIGN.md has no row for the target of \(file)")
      for (line, module) in file.imports where !allowed.union(Self.system).contains(module) {
        Issue.record("\(file):\(line) imports \(module), which is no arrow of docs/DESIGN.md")
      }
    }
  }

  @Test func theMapIsWhatTheManifestSays() {
    #expect(manifest.count > 10, "the targets of Package.swift were not found")
    for target in Set(design.keys).union(manifest.keys).sorted() {
      #expect(
        design[target]?.sorted() == manifest[target]?.sorted(),
        "docs/DESIGN.md (left) and Package.swift (right) differ on \(target)")
    }
  }

  @Test func everyFolderOfSourcesIsOnTheMap() throws {
    let sources = packageRoot.appending(path: "Sources").path(percentEncoded: false)
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources)
      .filter { !$0.hasPrefix(".") }
    #expect(folders.sorted() == design.keys.sorted())
  }

  @Test func boundariesThatCarryTheDesignHold() {
    func importers(of module: String) -> Set<String> {
      Set(design.filter { $0.value.contains(module) }.keys)
    }
    #expect(importers(of: "CKernels") == ["Tensors"])
    #expect(importers(of: "ArgumentParser") == ["scribe", "scribe-bench"])
    #expect(importers(of: "Yams") == ["Configuration"])
    for target in ["Decoding", "Autograd"] {
      #expect(reachable(from: target).isDisjoint(with: ["Layers", "Recognition", "Training"]))
    }
  }

  @Test func theMapHasNoCycle() {
    for target in design.keys {
      #expect(!reachable(from: target).contains(target), "\(target) reaches itself")
    }
  }

  @Test func onlySharedIsUncheckedSendable() {
    for file in files where file.path != "Sources/Tensors/Shared.swift" {
      for (line, text) in file.code {
        #expect(!text.contains("@unchecked"), "\(file):\(line)")
        #expect(!text.contains("nonisolated(unsafe)"), "\(file):\(line)")
      }
    }
  }

  @Test func filesAreShortEnoughToRead() {
    for file in files {
      #expect(file.lines.count - 1 <= Self.longestFile, "\(file)")
    }
  }

  /// Every target that `target` imports, directly or through others.
  private func reachable(from target: String) -> Set<String> {
    var seen: Set<String> = []
    var open = Array(design[target] ?? [])
    while let next = open.popLast() {
      if seen.insert(next).inserted { open += design[next] ?? [] }
    }
    return seen
  }
}

/// What the other tests stand on: a reader that misses imports would let everything pass.
@Suite struct ArchitectureReaderTests {
  @Test(arguments: [
    ("import Tensors", "Tensors"),
    ("  @preconcurrency import Foundation  // why", "Foundation"),
    ("@_spi(Name) public import Layers", "Layers"),
    ("package import struct Audio.Waveform", "Audio"),
    ("private import func Glibc.read", "Glibc"),
    ("internal import CKernels.gemm", "CKernels"),
  ])
  func findsImports(line: String, module: String) {
    #expect(importedModule(Substring(line)) == module)
  }

  @Test(arguments: ["important = 1", "let x = \"import Layers\"", "/// import Layers", "imports()"])
  func findsNothingElse(line: String) {
    #expect(importedModule(Substring(line)) == nil)
  }

  @Test func readsTheTable() {
    let text =
      "| target | imports | holds |\n|---|---|---|\n| `A` | – | x |\n| `B` | `A`, `C` | y `D` |"
    #expect(dependencyMap(ofDesign: text) == ["A": [], "B": ["A", "C"]])
  }

  @Test func readsTheManifest() {
    let text = """

        targets: [
          .target(name: "K", cSettings: [.x]),
          systemLibrary("S", "s", apt: "s", brew: "s"),
          module("A"),
          module("B", ["A", .product(name: "P", package: "q-r")]),
          .executableTarget(
            name: "c-d",
            dependencies: [
              "B",
              .product(name: "P", package: "q-r"),
            ], swiftSettings: strict),
          .target(name: "T", dependencies: ["A"], path: "Tests/T"),
          tests("A"),
        ]
      """
    #expect(
      dependencyMap(ofManifest: text)
        == ["K": [], "S": [], "A": [], "B": ["A", "P"], "c-d": ["B", "P"]])
  }
}

private func read(_ path: String) throws -> String {
  try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
}
