import Dispatch
import ModelFiles
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writers that meet one another, a signal, a limit or a locked door, in processes of their own.
///
/// A child finds the folder of its test by the number of its parent.
@Suite(.serialized) struct InterruptedWriteTests {
  /// A model whose every number is `number`, so that a mixture of two would show.
  static func model(_ number: Int, size: Int) -> ModelFile {
    var model = ModelFile(kind: "\(number)")
    model.tensors = [
      ("a", Tensor(repeating: Float(number), [size])), ("b", Tensor([Float(number)])),
    ]
    return model
  }

  static func expectWhole(_ path: String) throws {
    let model = try ModelFile(reading: path)
    let number = try #require(Float(model.kind))
    for (_, tensor) in model.tensors {
      #expect(tensor.scalars.allSatisfy { $0 == number })
    }
  }

  static func folder(_ test: String, of process: Int32) -> String {
    "/tmp/scribe-test-\(test)-\(process)"
  }

  /// Makes the folder that the child will look for, and removes it after `body`.
  private func withFolder(
    _ test: String, _ body: (_ folder: String) async throws -> Void
  ) async throws {
    let folder = Self.folder(test, of: getpid())
    TemporaryFolder.remove(folder)
    try #require(mkdir(folder, 0o777) == 0)
    defer { TemporaryFolder.remove(folder) }
    try await body(folder)
  }

  @Test func aFileSurvivesTwentyKills() async throws {
    try await withFolder("kill") { folder in
      let path = folder + "/model"
      try Self.model(0, size: 100_000).write(to: path)
      let first = try ModelFile(reading: path).kind
      var changes = 0
      for _ in 0..<20 {
        await #expect(processExitsWith: .signal(SIGKILL)) {
          let path = InterruptedWriteTests.folder("kill", of: getppid()) + "/model"
          let delay = Int.random(in: 0...40_000)
          DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(delay)) {
            kill(getpid(), SIGKILL)
          }
          for number in 1... {
            try InterruptedWriteTests.model(number, size: 100_000).write(to: path)
          }
        }
        try Self.expectWhole(path)
        if try ModelFile(reading: path).kind != first { changes += 1 }
      }
      #expect(changes > 0, "no child got as far as a whole file")
      try Self.model(1, size: 10).write(to: path)
      #expect(TemporaryFolder.names(in: folder) == ["model"])
    }
  }

  @Test func concurrentWritersAndReadersSeeWholeFiles() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model")
    try Self.model(0, size: 5000).write(to: path)
    try await withThrowingTaskGroup { group in
      for worker in 0..<8 {
        group.addTask {
          for turn in 0..<10 {
            if worker.isMultiple(of: 2) {
              try Self.model(worker * 100 + turn, size: 5000).write(to: path)
            } else {
              try Self.expectWhole(path)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    try Self.expectWhole(path)
    #expect(folder.names() == ["model"])
  }

  @Test func aLimitForFileSizesIsNamed() async throws {
    try await withFolder("limit") { folder in
      let path = folder + "/model"
      try Self.model(0, size: 10).write(to: path)
      await #expect(processExitsWith: .success) {
        let path = InterruptedWriteTests.folder("limit", of: getppid()) + "/model"
        signal(SIGXFSZ, SIG_IGN)
        InterruptedWriteTests.limitFileSizes(to: 65536)
        #expect(throws: CheckpointError.file(.tooLarge(path: path))) {
          try InterruptedWriteTests.model(1, size: 1_000_000).write(to: path)
        }
      }
      #expect(try ModelFile(reading: path).kind == "0")
      #expect(TemporaryFolder.names(in: folder) == ["model"])
    }
  }

  static func limitFileSizes(to bytes: Int) {
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
    #if canImport(Glibc)
      let result = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
      let result = setrlimit(RLIMIT_FSIZE, &limit)
    #endif
    #expect(result == 0)
  }

  @Test func aLockedFolderIsNamed() async throws {
    try await withFolder("locked") { folder in
      let path = folder + "/model"
      try Self.model(0, size: 10).write(to: path)
      #expect(chmod(path, 0o600) == 0)
      #expect(chmod(folder, 0o555) == 0)
      await #expect(processExitsWith: .success) {
        // The administrator may do everything, so become somebody who may not.
        if geteuid() == 0 { #expect(setuid(65534) == 0) }
        let folder = InterruptedWriteTests.folder("locked", of: getppid())
        for path in [folder + "/model", folder + "/new"] {
          #expect(throws: CheckpointError.file(.permissionDenied(path: path, action: "write"))) {
            try InterruptedWriteTests.model(1, size: 10).write(to: path)
          }
        }
        if getuid() == 65534 {
          let path = folder + "/model"
          #expect(throws: CheckpointError.file(.permissionDenied(path: path, action: "read"))) {
            try ModelFile(reading: path)
          }
        }
      }
      #expect(try ModelFile(reading: path).kind == "0")
      #expect(chmod(folder, 0o755) == 0)
      #expect(TemporaryFolder.names(in: folder) == ["model"])
    }
  }
}
