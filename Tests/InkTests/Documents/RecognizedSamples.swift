import Ink
import Markup

/// Pages as a recogniser would yield them.
enum Recognized {
  static let hostile = "<b>&amp;\"'\u{1}\u{FFFF}]]>\n\r\t"

  static func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PageBox {
    PageBox(x: x, y: y, width: width, height: height)
  }

  /// A word of equal characters' widths.
  static func word(_ text: String, x: Int, y: Int, confidence: Double = 0.9) -> RecognizedWord {
    let characters = text.enumerated().map { place, character in
      RecognizedCharacter(
        text: String(character), confidence: 1 - Double(place % 10) / 10,
        box: box(x + 10 * place, y, 10, 20))
    }
    return RecognizedWord(
      text: text, confidence: confidence, box: box(x, y, 10 * text.count, 20),
      characters: characters)
  }

  /// Two words, a right-to-left line, a decomposed accent, and a line of which only the text is known.
  static let page = RecognizedPage(
    image: "folder/a \"b\"; c.png", width: 640, height: 480,
    lines: [
      RecognizedLine(
        text: "cher été", confidence: 0.98765, box: box(10, 10, 100, 20),
        polygon: points(10, 10, 110, 12.4, 110, 30, 10, 30), baseline: points(10, 28, 110, 26),
        words: [word("cher", x: 10, y: 10), word("été", x: 60, y: 10, confidence: 0.125)]),
      RecognizedLine(
        text: "שלום עולם 7", confidence: 1, box: box(200, 50, 100, 20),
        words: [
          word("שלום", x: 260, y: 50), word("עולם", x: 220, y: 50), word("7", x: 200, y: 50),
        ]),
      RecognizedLine(
        text: "q\u{302}a", confidence: 0, box: box(10, 90, 20, 20),
        words: [word("q\u{302}a", x: 10, y: 90)]),
      RecognizedLine(text: "nothing else", confidence: 0.5, box: box(600, 470, 100, 40)),
    ])
}

/// An element of a document with all that is in it.
struct Node {
  var name = ""
  var attributes: [String: String] = [:]
  var children: [Node] = []
  var ownText = ""

  /// The text, of the elements in it too, in the document's order where elements hold no mixed text.
  var text: String { ownText + children.map(\.text).joined() }

  init(_ bytes: [UInt8]) throws {
    let reader = MarkupReader(bytes: bytes, name: "output")
    var stack = [Node(name: "")]
    while let event = try reader.next() {
      switch event {
      case .start(let element):
        var node = Node(name: element.name)
        for attribute in element.attributes { node.attributes[attribute.name] = attribute.value }
        stack.append(node)
      case .text(let text): stack[stack.count - 1].ownText += text
      case .end:
        let node = stack.removeLast()
        stack[stack.count - 1].children.append(node)
      }
    }
    self = stack[0]
  }

  private init(name: String) { self.name = name }

  /// All elements in it for which `isWanted` holds, in the document's order.
  func all(_ isWanted: (Node) -> Bool) -> [Node] {
    children.flatMap { (isWanted($0) ? [$0] : []) + $0.all(isWanted) }
  }

  func all(_ name: String) -> [Node] { all { $0.name == name } }
  func all(class name: String) -> [Node] { all { $0.attributes["class"] == name } }
  subscript(attribute: String) -> String? { attributes[attribute] }
}
