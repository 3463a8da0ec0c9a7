#if os(Linux)
  import Glibc
  import ModelFiles
  import Tensors
  import TestSupport
  import Testing

  /// Writing to a disk of 256 kB; skipped where the user may not mount one.
  @Suite struct FullDiskTests {
    /// A file system in memory, unmounted when the value goes away.
    final class TinyDisk: Sendable {
      let folder: TemporaryFolder

      init?() {
        guard let folder = try? TemporaryFolder(),
          mount("scribe-test", folder.path, "tmpfs", 0, "size=256k") == 0
        else { return nil }
        self.folder = folder
      }

      deinit { umount2(folder.path, Int32(MNT_DETACH)) }

      static let isPossible = TinyDisk() != nil
    }

    @Test(.enabled(if: TinyDisk.isPossible, "this user may not mount a small disk"))
    func aFullDiskIsNamedAndTheOldFileStays() throws {
      let disk = try #require(TinyDisk())
      let path = disk.folder.file("model")
      var model = ModelFile(kind: "old")
      model.tensors = [("w", Tensor(repeating: 1, [30_000]))]
      try model.write(to: path)
      let before = try contents(of: path)
      model.tensors = [("w", Tensor(repeating: 2, [40_000]))]
      for _ in 0..<3 {
        #expect(throws: CheckpointError.file(.noSpace(path: path))) { try model.write(to: path) }
        #expect(disk.folder.names() == ["model"])
        #expect(try contents(of: path) == before)
      }
      model.tensors = [("w", Tensor(repeating: 3, [10_000]))]
      try model.write(to: path)
      #expect(try ModelFile(reading: path).tensors[0].tensor[0] == 3)
    }
  }
#endif
