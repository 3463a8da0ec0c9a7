import Files
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct AtomicFileTests {
  private static let old: [UInt8] = Array("old".utf8)
  private static let new: [UInt8] = Array("something new".utf8)

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func writesAndReplaces() throws {
    let folder = try TemporaryFolder()
    for bytes in [Self.old, Self.new, []] {
      try AtomicFile.write(bytes, to: folder.file("x"))
      #expect(try contents(of: folder.file("x")) == bytes)
      #expect(folder.names() == ["x"])
    }
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    let folder = try TemporaryFolder()
    try put(Self.old, at: folder.file("x"))
    #expect(chmod(folder.file("x"), 0o640) == 0)
    _ = try folder.makeFolder("links")
    #expect(symlink("../x", folder.file("links/l")) == 0)
    try AtomicFile.write(Self.new, to: folder.file("links/l"))
    #expect(try contents(of: folder.file("x")) == Self.new)
    #expect(mode(folder.file("x")) == 0o640)
    #expect(folder.names(in: "links") == ["l"])
    var status = stat()
    #expect(lstat(folder.file("links/l"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func failuresAreNamed() throws {
    let folder = try TemporaryFolder()
    try put(Self.old, at: folder.file("x"))
    let long = folder.file(String(repeating: "n", count: 300))
    for (path, expected) in [
      (folder.path, FileError.isFolder(path: folder.path)),
      (folder.file("none/"), .isFolder(path: folder.file("none/"))),
      (folder.file("none/x"), .notFound(path: folder.file("none/x"))),
      (folder.file("x/y"), .notAFolder(path: folder.file("x/y"))),
      ("/dev/null", .notARegularFile(path: "/dev/null")), ("", .notFound(path: "")),
      (
        long,
        .other(path: long, action: "write", reason: String(cString: strerror(ENAMETOOLONG)))
      ),
    ] {
      #expect(throws: expected) { try AtomicFile.write(Self.new, to: path) }
      #expect("\(expected)".hasPrefix(path))
    }
    #expect(folder.names() == ["x"])
  }

  @Test func aWriterThatGivesUpLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x")
    try put(Self.old, at: path)
    #expect(throws: FileError.noSpace(path: path)) {
      try AtomicFile.write(to: path) { (output) throws(FileError) in
        try output.write(Self.new)
        throw .noSpace(path: path)
      }
    }
    #expect(try contents(of: path) == Self.old)
    #expect(folder.names() == ["x"])
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0)) func aFullDeviceIsNamed() throws {
    let output = OutputFile(descriptor: open("/dev/full", O_WRONLY | O_CLOEXEC), path: "model")
    #expect(throws: FileError.noSpace(path: "model")) { try output.write(Self.new) }
    #expect("\(FileError.noSpace(path: "model"))".contains("no space left"))
  }

  @Test func whatKilledWritersLeftIsRemoved() throws {
    let folder = try TemporaryFolder()
    for name in [".x.1-1.partial", ".x.999999-7.partial", ".y.1-1.partial", ".x.keep"] {
      try put(Self.old, at: folder.file(name))
    }
    // A lock, as a living writer holds it, protects.
    let living = open(folder.file(".x.1-1.partial"), O_WRONLY | O_CLOEXEC)
    defer { close(living) }
    #expect(flock(living, LOCK_EX) == 0)
    try AtomicFile.write(Self.new, to: folder.file("x"))
    #expect(folder.names() == [".x.1-1.partial", ".x.keep", ".y.1-1.partial", "x"])
  }
}
