#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of one training.
struct TrainingFolder {
  let path: String

  /// What the training goes on from.
  var checkpoint: String { path + "/last.safetensors" }
  /// The model with the best validation.
  var best: String { path + "/best.safetensors" }
  /// The log, JSON lines.
  var metrics: String { path + "/metrics.jsonl" }
  /// The picture of losses and errors.
  var curve: String { path + "/curve.png" }

  /// The model as it was after an epoch, from 1.
  func epoch(_ number: Int) -> String { path + "/epoch-\(number).safetensors" }

  /// The last part of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Makes the folder for a fresh training, or sees that there is something to resume.
  func prepare(resume: Bool) throws(TrainerError) {
    let exists = access(checkpoint, F_OK) == 0
    if resume {
      guard exists else { throw .nothingToResume(path: checkpoint) }
      return
    }
    if exists { throw .folderInUse(path: path) }
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && !part.isEmpty ? String(part) : "/\(part)"
      guard !part.isEmpty, mkdir(made, 0o777) != 0, errno != EEXIST else { continue }
      throw .folder(path: made, reason: String(cString: strerror(errno)))
    }
  }
}
