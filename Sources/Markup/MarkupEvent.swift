/// A step through an XML file; comments and processing instructions are passed over.
public enum MarkupEvent: Sendable, Equatable {
  /// The start tag of an element, or an empty element's tag.
  case start(MarkupElement)
  /// Text between tags, references resolved, line ends as `\n`.
  ///
  /// A text up to ``MarkupLimits/pieceBytes`` comes whole, a longer one in pieces that are cut between
  /// Unicode scalars.
  case text(String)
  /// The end of the element with this local name; an empty element has one too.
  case end(String)
}

/// A start tag.
public struct MarkupElement: Sendable, Equatable {
  /// The name without its prefix.
  public let name: String
  /// What the prefix, or the default namespace, stands for.
  public let namespace: String?
  /// The attributes in the file's order, those without a prefix first.
  public let attributes: [MarkupAttribute]

  /// An element of these parts.
  public init(name: String, namespace: String? = nil, attributes: [MarkupAttribute] = []) {
    (self.name, self.namespace, self.attributes) = (name, namespace, attributes)
  }

  /// The value of the attribute with a local name; `id` finds `xml:id` where there is no plain `id`.
  public subscript(name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }
}

/// An attribute of a start tag.
public struct MarkupAttribute: Sendable, Equatable {
  /// The name without its prefix.
  public let name: String
  /// The value, references resolved.
  public let value: String

  /// An attribute of these parts.
  public init(name: String, value: String) { (self.name, self.value) = (name, value) }
}
