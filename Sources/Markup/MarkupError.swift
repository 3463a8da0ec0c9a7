/// What can be wrong with an XML file.
public enum MarkupError: Error, Equatable {}
