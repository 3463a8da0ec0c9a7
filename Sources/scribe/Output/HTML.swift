import Decoding

/// Pieces of HTML.
enum HTML {
  /// The text with what HTML takes for markup replaced.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // HTML knows no such characters.
      case _ where scalar.properties.isNoncharacterCodePoint: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// An element with this text, which is escaped.
  static func element(_ name: String, _ text: String, class style: String? = nil) -> String {
    "<\(name)\(style.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</\(name)>"
  }

  /// A table; columns after the first `labels` hold numbers.
  static func table(_ heading: [String], _ rows: [[String]], labels: Int = 1) -> String {
    let head = heading.enumerated().map {
      element("th", $0.element, class: $0.offset < labels ? nil : "n")
    }
    let body = rows.map { row in
      let cells = row.enumerated().map {
        element("td", $0.element, class: $0.offset < labels ? nil : "n")
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    return """
      <table>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined())</tbody>
      </table>

      """
  }

  /// A page that needs nothing else.
  static func page(title: String, style: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    \(element("title", title))
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(element("h1", title))
    \(body)</body>
    </html>

    """
  }
}
