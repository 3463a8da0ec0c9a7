import Foundation

/// What each target may import: the arrows of the design, keyed by target.
typealias DependencyMap = [String: Set<String>]

/// Reads the table of `docs/DESIGN.md`: a row is `| target | imports | holds |`, names in backticks.
func dependencyMap(ofDesign text: String) -> DependencyMap {
  var map: DependencyMap = [:]
  for line in text.split(separator: "\n") where line.hasPrefix("| `") {
    let cells = line.split(separator: "|")
    guard cells.count >= 3, let target = names(in: cells[0], between: "`").first else { continue }
    map[target] = Set(names(in: cells[1], between: "`"))
  }
  return map
}

/// Reads the library and executable targets of `Package.swift` and the modules they depend on.
///
/// It knows the forms that this manifest uses: `module("Name", [...])`, `systemLibrary("Name", ...)`,
/// `.target(name: "Name", ...)` and `.executableTarget(name: "Name", dependencies: [...])`.
/// Targets with a path of their own stand outside `Sources` and are passed over.
func dependencyMap(ofManifest text: String) -> DependencyMap {
  guard let start = text.range(of: "\n  targets: [") else { return [:] }
  let targets = text[start.upperBound...]
  let head = /(module|systemLibrary|\.target|\.executableTarget)\(\s*(?:name: )?"([\w-]+)"/
  var map: DependencyMap = [:]
  for match in targets.matches(of: head) {
    let call = balanced(targets[match.range.lowerBound...], "(", ")")
    if call.contains("path:") { continue }
    map[String(match.output.2)] = dependencies(ofCall: call)
  }
  return map
}

/// The names in the first list of a target's declaration; a product stands for its module.
private func dependencies(ofCall call: Substring) -> Set<String> {
  guard !call.hasPrefix("systemLibrary") else { return [] }
  let ownSettings = call.firstRange(of: /\b[cC]?(?:swift)?Settings:/)
  let declared = call[..<(ownSettings?.lowerBound ?? call.endIndex)]
  guard let open = declared.firstIndex(of: "[") else { return [] }
  let list = String(balanced(declared[open...], "[", "]")).replacing(/package: "[^"]*"/, with: "")
  return Set(names(in: Substring(list), between: "\""))
}

/// Returns the prefix of `text` up to the bracket that closes the first `open`.
private func balanced(_ text: Substring, _ open: Character, _ close: Character) -> Substring {
  var depth = 0
  for index in text.indices {
    if text[index] == open { depth += 1 }
    if text[index] == close {
      depth -= 1
      if depth == 0 { return text[...index] }
    }
  }
  return text
}

/// The words between pairs of `quote`.
private func names(in text: Substring, between quote: Character) -> [String] {
  text.split(separator: quote, omittingEmptySubsequences: false).enumerated()
    .filter { $0.offset % 2 == 1 }.map { String($0.element) }
}
