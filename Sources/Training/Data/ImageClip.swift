import Ink

/// A picture of a line, or the part of a page that shows it.
public struct ImageClip: Sendable, Hashable, CustomStringConvertible {
  /// The file, absolute or relative to the current folder.
  public var path: String

  /// A picture that shows one line.
  public init(path: String) { self.path = path }

  /// The path.
  public var description: String { path }

  /// The picture as it is in the file.
  ///
  /// - Throws: `SampleProblem.Reason` with what is wrong with the file.
  public func load() throws(SampleProblem.Reason) -> GrayImage {
    do throws(ImageError) {
      return try ImageFile.read(path)
    } catch {
      throw .init(error)
    }
  }
}
