import Foundation
import Testing

/// What happens where results cannot be written, and what the program says of itself.
@Suite struct OutputTests {
  let materials: Materials

  init() throws { materials = try Materials.shared.get() }

  #if os(Linux)
    @Test(arguments: [
      ["--help"], ["--version"], ["models"], ["transcribe", "-m", "MODEL", "FILE"],
      ["transcribe", "-m", "MODEL", "-f", "json", "FILE"],
      ["evaluate", "-m", "MODEL", "MANIFEST"],
    ])
    func aFullDiskBehindStandardOutput(arguments: [String]) throws {
      let folder = try TemporaryFolder()
      let manifest = try folder.write(
        "m.jsonl", "{\"audio_filepath\": \"\(materials.recording)\", \"text\": \"one\"}\n".utf8)
      let places = [
        "MODEL": materials.model, "FILE": materials.recording, "MANIFEST": manifest,
      ]
      let run = try ScribeProgram.run(
        arguments.map { places[$0] ?? $0 }, output: .file("/dev/full"),
        environment: ["SCRIBE_MODELS": materials.folder.path])
      #expect(run.code == 74)
      #expect(run.errors.contains("standard output"))
    }

    @Test func aFullDiskBehindAPicture() throws {
      let run = try ScribeProgram.run(["inspect", materials.recording, "-o", "/dev/full"])
      #expect(run.code == 74)
      #expect(run.errors.contains("/dev/full"))
    }
  #endif

  @Test func aLimitOnFileSizes() throws {
    let folder = try TemporaryFolder()
    let picture = folder.file("picture.png")
    let run = try ScribeProgram.run(
      ["inspect", materials.recording, "-o", picture], shell: "trap '' XFSZ; ulimit -f 1; exec")
    #expect(run.code == 74)
    #expect(run.errors.contains(picture))
    #expect(try folder.names() == [], "nothing is left behind")
  }

  @Test func aLimitOnTranscripts() throws {
    let folder = try TemporaryFolder()
    let second = try folder.write("second.wav", WAV.pcm(Materials.tone(seconds: 0.4)))
    let run = try ScribeProgram.run(
      [
        "transcribe", "-m", materials.model, "-o", folder.file("out"), materials.recording, second,
      ], shell: "trap '' XFSZ; ulimit -f 0; exec")
    // Standard error is a file here and falls under the limit too, so nothing can be said.
    #expect(run.code == 74)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(left == [], "nothing is left behind")
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let arguments = ["transcribe", "-m", materials.model, materials.recording]
    // Where the signal is ignored, writing fails instead; the shell's code for it stays the same.
    let ignored = try ScribeProgram.run(arguments, output: .closedPipe, shell: "trap '' PIPE; exec")
    #expect(ignored.code == 141 && ignored.errors == "")
    let usual = try ScribeProgram.run(arguments, output: .closedPipe, shell: "trap - PIPE; exec")
    #expect([141, -SIGPIPE].contains(usual.code) && usual.errors == "")
  }

  @Test func anOutputFolderThatIsAFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", "x".utf8)
    let run = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, "-o", file, materials.recording])
    #expect(run.code == 73)
    #expect(run.errors.contains(file))
  }

  @Test(arguments: [
    ["transcribe"], ["transcribe", "--threads", "0", "x"], ["transcribe", "--threads", "-4", "x"],
    ["transcribe", "--duration", "-1", "x"], ["transcribe", "--offset", "nan", "x"],
    ["transcribe", "--channel", "-1", "x"], ["transcribe", "--format", "pdf", "x"],
    ["transcribe", "--raw-rate", "0", "x"], ["transcribe", "--raw-channels", "2", "x"],
    ["transcribe", "-", "-"], ["evaluate", "x", "--batch", "-16"],
    ["evaluate", "x", "--worst", "-1"],
    ["compose", "x", "-o", "y", "--count", "-5"],
    ["compose", "x", "-o", "y", "--count", "5", "--min", "4", "--max", "2"], ["sing"],
    ["inspect", "x"], ["--nonsense"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let run = try ScribeProgram.run(arguments)
    #expect(run.code == 64, "\(run.errors)")
    #expect(run.errors.hasPrefix("scribe: ") && run.output == "")
  }

  @Test(arguments: [["--help"], ["transcribe", "--help"], ["help", "evaluate"]])
  func helpGoesToStandardOutput(arguments: [String]) throws {
    let run = try ScribeProgram.run(arguments)
    #expect(run.code == 0 && run.errors == "")
    #expect(run.output.contains("EXAMPLES") && run.output.contains("USAGE"))
    let lines = run.output.split(separator: "\n").filter { !$0.hasPrefix("USAGE") }
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsAreWritten(shell: String) throws {
    let run = try ScribeProgram.run(["--generate-completion-script", shell])
    #expect(run.code == 0 && run.output.contains("transcribe"))
  }
}
