// A training in a process of its own, which tests kill, and whose memory they measure.
//
//   TrainingChild RECIPE FOLDER THREADS [--resume] [--memory]

import Configuration
import Foundation
import Tensors
import Training

/// The resident memory of this process in bytes.
func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
    return 0
  }
  let fields = text.split(separator: " ")
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let threads = Int(arguments[3]) else { exit(64) }
let measuresMemory = arguments.contains("--memory")
WorkerPool.threadCount = threads

func train<Task: TrainingTask>(_ task: Task.Type) throws {
  let recipe = try ConfigurationFile.load(Task.Recipe.self, path: arguments[1])
  var options = TrainerOptions(outputFolder: arguments[2])
  options.resume = arguments.contains("--resume")
  // One line comes with each epoch.
  let output = ProgressReporter.Output(isTerminal: false) { _ in
    guard measuresMemory else { return }
    let pool = StoragePool.statistics
    print(pool.reservedBytes, pool.systemAllocations, residentBytes())
  }
  _ = try Trainer<Task>(recipe, options: options, reporter: ProgressReporter(output: output)).run()
}

do {
  try train(TaskKind(ofRecipe: arguments[1]).type)
} catch {
  print("\(error)")
  exit(1)
}
