// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

/// A library target; the arrows of the map in `docs/DESIGN.md` are these dependency lists.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// The test target that mirrors a library target.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil,
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
    exclude: exclude, resources: resources, swiftSettings: strict)
}

/// A C library of the system, found by pkg-config and installed by `make`.
func systemLibrary(_ name: String, _ pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

let package = Package(
  name: "scribe",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "scribe", targets: ["scribe"]),
    .executable(name: "scribe-bench", targets: ["scribe-bench"]),
    .library(
      name: "Scribe",
      targets: [
        "Tensors", "Autograd", "Layers", "Audio", "Ink", "NGrams", "Decoding", "Captions",
        "Pictures", "ModelFiles", "Sequences", "Recognition", "Training",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .target(name: "CKernels", cSettings: strictC),
    systemLibrary("CSndFile", "sndfile", apt: "libsndfile1-dev", brew: "libsndfile"),
    systemLibrary("CFFTW", "fftw3f", apt: "libfftw3-dev", brew: "fftw"),
    systemLibrary("CSoxr", "soxr", apt: "libsoxr-dev", brew: "libsoxr"),
    systemLibrary("CCairo", "cairo", apt: "libcairo2-dev", brew: "cairo"),
    systemLibrary("CPNG", "libpng", apt: "libpng-dev", brew: "libpng"),
    systemLibrary("CJPEG", "libturbojpeg", apt: "libturbojpeg0-dev", brew: "jpeg-turbo"),
    systemLibrary("CLeptonica", "lept", apt: "libleptonica-dev", brew: "leptonica"),
    systemLibrary("CZlib", "zlib", apt: "zlib1g-dev", brew: "zlib"),
    systemLibrary(
      "CSentencePiece", "sentencepiece", apt: "libsentencepiece-dev", brew: "sentencepiece"),
    systemLibrary("CXML", "libxml-2.0", apt: "libxml2-dev", brew: "libxml2"),
    module("Files"),
    module("Configuration", ["Yams", "Files"]),
    module("Tables", ["SwiftCSV", "Configuration", "Files"]),
    module("Tensors", ["CKernels"]),
    module("Autograd", ["Tensors"]),
    module("Layers", ["Autograd", "Tensors", "Configuration"]),
    module("ModelFiles", ["Layers", "Autograd", "Tensors", "Files"]),
    module(
      "Forecasting",
      ["Tables", "ModelFiles", "Layers", "Autograd", "Tensors", "Configuration"]),
    module(
      "Sequences", ["ModelFiles", "Layers", "Autograd", "Tensors", "Configuration", "Files"]),
    module("Audio", ["CSndFile", "CFFTW", "CSoxr", "Tensors", "Configuration", "Files"]),
    .target(name: "CImageFiles", dependencies: ["CPNG"], cSettings: strictC),
    module("Markup", ["CXML", "Files"]),
    module(
      "Ink",
      [
        "CImageFiles", "CPNG", "CJPEG", "CLeptonica", "Markup", "Tensors", "Configuration",
        "Files",
      ]),
    module("NGrams", ["Files"], exclude: ["README.md"]),
    module(
      "Decoding", ["NGrams", "Tensors", "Configuration", "Files"], exclude: ["Beam/README.md"]),
    module(
      "Classification",
      [
        "ModelFiles", "Layers", "Autograd", "Tensors", "Tables", "Ink", "Configuration", "Files",
      ]),
    module("Captions", ["CZlib", "Decoding", "Files"]),
    module("Pictures", ["CCairo", "Files"]),
    module("Benchmarking", ["Pictures", "Files"]),
    module(
      "Recognition",
      [
        "ModelFiles", "Layers", "Autograd", "Tensors", "Audio", "Ink", "Decoding", "Configuration",
        "Files",
      ]),
    .target(name: "CSubwords", dependencies: ["CSentencePiece"]),
    module(
      "Translation",
      ["CSubwords", "ModelFiles", "Layers", "Autograd", "Tensors", "Configuration", "Files"]),
    module(
      "Training",
      [
        "Recognition", "Translation", "ModelFiles", "Layers", "Autograd", "Tensors",
        "Audio", "Ink", "Markup", "Classification", "Decoding", "Pictures",
        "Configuration", "Files", "Forecasting", "Sequences",
      ]),
    .executableTarget(
      name: "scribe",
      dependencies: [
        "Training", "Forecasting", "Recognition", "Translation", "ModelFiles", "Audio",
        "Ink", "NGrams", "Decoding", "Captions", "Pictures", "Tensors", "Configuration",
        "Files", "Classification", "Tables", "Sequences",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "scribe-bench",
      dependencies: [
        "Benchmarking", "Translation", "Layers", "Autograd", "Tensors", "Audio", "NGrams",
        "Decoding", "Configuration", "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Autograd", "Layers"],
      path: "Tests/TestSupport",
      swiftSettings: strict),
    // It imports three of these. The others are here because an incremental build does not compile a
    // target again for a change two modules below, not even if the layout of a type changes.
    .executableTarget(
      name: "TrainingChild",
      dependencies: [
        "Training", "Recognition", "Translation", "ModelFiles", "Layers", "Autograd",
        "Tensors", "Audio", "Ink", "Decoding", "Configuration", "Classification", "Tables",
        "Sequences",
      ],
      path: "Tests/TrainingChild", swiftSettings: strict),
    tests("Configuration"),
    tests("Tables", ["Configuration", "Files"]),
    tests("Tensors", ["CKernels"]),
    tests("Autograd", ["Layers", "Tensors"]),
    tests(
      "Layers", ["Autograd", "Tensors", "Configuration"],
      resources: [
        .copy("References"), .copy("Recurrent/recurrent_reference.json"),
        .copy("Losses/ctc_reference.json"), .copy("Optimizers/optimizer_reference.json"),
        .copy("Attention/attention_reference.json"),
      ],
      exclude: [
        "Recurrent/recurrent_reference.py", "Losses/ctc_reference.py",
        "Optimizers/optimizer_reference.py", "Attention/attention_reference.py",
      ]),
    tests(
      "Forecasting",
      ["Tables", "ModelFiles", "Layers", "Autograd", "Tensors", "Configuration", "Files"],
      resources: [.copy("References")]),
    tests("Audio", ["Tensors", "Configuration"], resources: [.copy("Reference")]),
    tests("Markup"),
    tests("Ink", ["Tensors", "Configuration", "Markup"], resources: [.copy("References")]),
    tests("NGrams", ["Files"], resources: [.copy("References")]),
    tests(
      "Decoding", ["NGrams", "Configuration", "Tensors"],
      resources: [.copy("Scoring/References")]),
    tests(
      "Classification",
      ["ModelFiles", "Layers", "Autograd", "Tensors", "Tables", "Ink", "Configuration", "Files"],
      resources: [.copy("References")]),
    tests(
      "Translation", ["ModelFiles", "Layers", "Autograd", "Tensors", "Configuration", "Files"],
      resources: [
        .copy("Scoring/References"), .copy("Network/translation_network_reference.json"),
      ],
      exclude: ["Network/translation_network_reference.py"]),
    tests("Captions", ["Decoding", "Tensors"]),
    tests("Pictures"),
    tests("Benchmarking", ["Pictures"]),
    tests(
      "Sequences", ["ModelFiles", "Layers", "Autograd", "Tensors", "Configuration"],
      resources: [.copy("References")]),
    tests(
      "ModelFiles", ["Layers", "Autograd", "Tensors", "Files"],
      exclude: ["Checkpoint/Reference"]),
    tests(
      "Recognition",
      [
        "ModelFiles", "Layers", "Autograd", "Tensors", "Audio", "Ink", "Decoding", "Configuration",
        "Files",
      ]),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "scribe", "Classification", "Translation", "Recognition", "ModelFiles", "Layers", "Audio",
        "Ink", "NGrams", "Decoding", "Tensors", "Configuration",
      ], swiftSettings: strict),
    tests(
      "Training",
      [
        "TrainingChild", "Classification", "Tables", "Recognition", "ModelFiles", "Layers",
        "Autograd", "Audio", "Ink", "Configuration", "Decoding", "NGrams", "Pictures",
        "Tensors", "Forecasting", "Sequences", "Translation",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
