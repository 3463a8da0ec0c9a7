import ArgumentParser
import Tensors

struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "Say which instruction sets the kernels can use here.")

  @Flag(help: "Only the names, one a line, the best first.")
  var list = false

  func run() {
    for set in InstructionSet.allCases where list ? set.isAvailable : true {
      if list {
        print(set.rawValue)
      } else {
        let state = set == .active ? "in use" : set.isAvailable ? "available" : "not here"
        print("\(set.rawValue): \(state)")
      }
    }
  }
}
