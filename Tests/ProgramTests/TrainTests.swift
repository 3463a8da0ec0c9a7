import Foundation
import Testing

/// `scribe train`: recipes that cannot be used, and what Ctrl-C does.
@Suite struct TrainTests {
  let folder: TemporaryFolder
  let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    for index in 0..<4 {
      let tone = Materials.tone(seconds: 0.5 + 0.1 * Double(index))
      _ = try folder.write("\(index).wav", WAV.pcm(tone))
    }
    let rows = (0..<4).map { "{\"audio_filepath\": \"\($0).wav\", \"text\": \"one two\"}\n" }
    let manifest = try folder.write("m.jsonl", rows.joined().utf8)
    recipe = try folder.write(
      "recipe.yaml",
      """
      epochs: 2
      data:
        train: ["\(manifest)"]
        validation: ["\(manifest)"]
      features: {sampleRate: 8000, melCount: 16}
      model: {kind: deepSpeech2, convolutions: [], hiddenSize: 8, layerCount: 1}
      batching: {size: 2}
      """.utf8)
  }

  private func train(_ arguments: String...) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["train", recipe, "-o", folder.file("out")] + arguments)
  }

  @Test func aRecipeGivesAModelThatTranscribes() throws {
    let run = try train("-v", "--set", "model.hiddenSize=9", "--set", "seed=5")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("hiddenSize: 9") && run.output.contains("seed: 5"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(files == ["best.safetensors", "curve.png", "last.safetensors", "metrics.jsonl"])
    let words = try ScribeProgram.run([
      "transcribe", "-m", folder.file("out/best.safetensors"), folder.file("0.wav"),
    ])
    #expect(words.code == 0 && words.errors == "")
    let again = try train()
    #expect(again.code == 73 && again.errors.contains("out"), "what is there is not overwritten")
  }

  @Test func whatTheTimeGoesInto() throws {
    let run = try train("--profile", "--threads", "1")
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors.contains("recurrence, products and gates"))
    #expect(run.errors.contains("between steps: evaluation"))
    let sentence =
      /matrix products, convolutions and gate kernels: ([\d.]+) % of .* over 2 steps on 1 thread\n/
    let shares = run.errors.matches(of: sentence).compactMap { Double($0.output.1) }
    #expect(shares.count == 2 && shares.allSatisfy { $0 > 0 && $0 <= 100 }, "once an epoch")
    let records = try String(contentsOfFile: folder.file("out/metrics.jsonl"), encoding: .utf8)
      .split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    for record in records {
      let profile = record["profile"] as? [String: Double]
      guard record["kind"] as? String == "epoch" else {
        #expect(profile == nil)
        continue
      }
      #expect(profile?["steps"] == 2 && profile?["threads"] == 1)
      #expect(profile?["recurrence"] ?? 0 > 0 && profile?["evaluation"] ?? 0 > 0)
    }
    #expect(records.contains { $0["kind"] as? String == "epoch" })
  }

  @Test func withoutTheFlagNothingIsToldOfTimes() throws {
    let run = try train()
    #expect(run.code == 0 && !run.errors.contains("ms per step"))
    let log = try String(contentsOfFile: folder.file("out/metrics.jsonl"), encoding: .utf8)
    #expect(!log.contains("profile"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptedTrainingGoesOn(signal: Int32) throws {
    var lastStep = 0
    for resume in [false, true] {
      let launch = try ScribeProgram.Launch(
        ["train", recipe, "-o", folder.file("out"), "--set", "epochs=1000000"]
          + (resume ? ["--resume"] : []))
      while try !launch.errors.contains("epoch "), launch.isRunning { usleep(20_000) }
      launch.send(signal)
      let run = try launch.finish()
      #expect(run.code == 130, "\(run.errors)")
      #expect(run.errors.contains("--resume"))
      let words = try #require(run.errors.firstMatch(of: /after (\d+) steps/))
      let step = try #require(Int(words.output.1))
      #expect(step > lastStep)
      lastStep = step
    }
  }

  @Test func aSecondInterruptionEndsAtOnce() throws {
    let launch = try ScribeProgram.Launch(
      ["train", recipe, "-o", folder.file("out"), "--set", "epochs=1000000"])
    let best = folder.file("out/best.safetensors")
    while !FileManager.default.fileExists(atPath: best), launch.isRunning { usleep(20_000) }
    for _ in 0..<50 where launch.isRunning {
      launch.send(SIGINT)
      usleep(1000)
    }
    #expect(try launch.finish().code == 130)
    let model = try ScribeProgram.run(["transcribe", "-m", best, folder.file("0.wav")])
    #expect(model.code == 0, "what was saved is whole")
  }

  @Test func anUnknownKeyAndANegativeSize() throws {
    for (line, words) in [
      ("hiddenSizes: 3", ["hiddenSizes"]),
      ("data: {train: [x]}\nmodel: {hiddenSize: -3}", ["bad.yaml:2", "hiddenSize", "-3"]),
      ("model: {hiddenSise: 3}", ["hiddenSise", "did you mean hiddenSize"]),
      ("epochs: many", ["epochs", "many"]), ("epochs: [", ["not YAML"]),
    ] {
      let path = try folder.write("bad.yaml", (line + "\n").utf8)
      let run = try ScribeProgram.run(["train", path, "-o", folder.file("out")])
      #expect(run.code == 65, "\(run.errors)")
      for word in [path] + words { #expect(run.errors.contains(word), "\(word): \(run.errors)") }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test(arguments: [
    "model.hiddenSize", "model.hiddenSize=-3", "model.colour=red", "epochs=[", "=3",
  ])
  func anOverrideThatCannotBe(override: String) throws {
    let run = try train("--set", override)
    #expect(run.code == 64, "\(run.errors)")
    #expect(run.errors.contains(override))
  }

  @Test func aRecipeThatIsNoRecipe() throws {
    let missing = try ScribeProgram.run(["train", folder.file("none.yaml")])
    #expect(missing.code == 66 && missing.errors.contains("none.yaml"))
    let directory = try ScribeProgram.run(["train", folder.path])
    #expect(directory.code == 66 && directory.errors.contains(folder.path))
    let sound = try ScribeProgram.run(["train", folder.file("0.wav")])
    #expect(sound.code == 65 && sound.errors.contains("0.wav"))
  }

  @Test func dataThatAreMissing() throws {
    let gone = try train("--set", "data.train=[\(folder.file("gone.jsonl"))]")
    #expect(gone.code == 66 && gone.errors.contains("gone.jsonl"))
    let broken = try folder.write(
      "broken.jsonl",
      "{\"audio_filepath\": \"0.wav\", \"text\": \"a\"}\n{\"audio_filepath\": 3}\n".utf8)
    let row = try ScribeProgram.run([
      "train", recipe, "-o", folder.file("two"), "--set", "data.train=[\(broken)]",
    ])
    #expect(row.code == 65 && row.errors.contains("broken.jsonl:2"))
  }

  @Test func aSampleThatIsUnfitEndsOnlyAStrictTraining() throws {
    let path = try folder.write(
      "some.jsonl",
      """
      {"audio_filepath": "0.wav", "text": "one two"}
      {"audio_filepath": "lost.wav", "text": "two"}

      """.utf8)
    let set = ["--set", "data.train=[\(path)]"]
    let strict = try ScribeProgram.run(
      ["train", recipe, "-o", folder.file("strict"), "--strict"] + set)
    #expect(strict.code == 65 && strict.errors.contains("lost.wav"))
    let lenient = try ScribeProgram.run(["train", recipe, "-o", folder.file("lenient")] + set)
    #expect(lenient.code == 0 && lenient.errors.contains("lost.wav"))
  }

  @Test func outputThatCannotBe() throws {
    let file = try folder.write("file", "x".utf8)
    let run = try ScribeProgram.run(["train", recipe, "-o", file + "/deep"])
    #expect(run.code == 73 && run.errors.contains(file))
    let nothing = try train("--resume")
    #expect(nothing.code == 66 && nothing.errors.contains("out"))
    let model = try train("--init", folder.file("none.safetensors"))
    #expect(model.code == 66 && model.errors.contains("none.safetensors"))
  }
}
