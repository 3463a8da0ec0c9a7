import Markup

/// All events of an XML text, each as one string.
func events(_ text: String, limits: MarkupLimits = MarkupLimits()) throws -> [String] {
  try events(MarkupReader(bytes: Array(text.utf8), name: "test.xml", limits: limits))
}

func events(_ reader: MarkupReader) throws -> [String] {
  var result: [String] = []
  while let event = try reader.next() {
    switch event {
    case .start(let element):
      let attributes = element.attributes.map { " \($0.name)=\($0.value)" }.joined()
      result.append("<\(element.name)\(attributes)")
    case .text(let text): result.append(text)
    case .end(let name): result.append(">\(name)")
    }
  }
  return result
}

/// The error that reading a text to its end gives.
func failure(_ text: String, limits: MarkupLimits = MarkupLimits()) -> MarkupError? {
  failure(Array(text.utf8), limits: limits)
}

func failure(_ bytes: [UInt8], limits: MarkupLimits = MarkupLimits()) -> MarkupError? {
  let reader = MarkupReader(bytes: bytes, name: "test.xml", limits: limits)
  do throws(MarkupError) {
    while try reader.next() != nil {}
    return nil
  } catch {
    return error
  }
}
