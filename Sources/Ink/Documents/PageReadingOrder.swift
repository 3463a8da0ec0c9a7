import Markup

/// The ReadingOrder of PAGE XML, a tree of ordered and unordered groups.
enum PageReadingOrder {
  /// The region ids, read where the start of ReadingOrder was read last.
  static func read(_ xml: DocumentReader) throws(DocumentError) -> [String] {
    try group(xml)
  }

  /// The ids in a group: by index where there is one, else in the file's order.
  private static func group(_ xml: DocumentReader) throws(DocumentError) -> [String] {
    var members: [(index: Int, ids: [String])] = []
    try xml.forEachChild { (child) throws(DocumentError) in
      let index = child["index"].flatMap { Int($0) } ?? members.last?.index ?? 0
      var ids = child["regionRef"].map { [$0] } ?? []
      if child.name.contains("Group") { ids += try group(xml) }
      if !ids.isEmpty { members.append((index, ids)) }
    }
    return stable(members, by: \.index).flatMap(\.ids)
  }
}
