import Ink

/// A picture of a line, or the part of a page that shows it.
public struct ImageClip: Sendable, Hashable, CustomStringConvertible {
  /// The file, absolute or relative to the current folder.
  public var path: String
  /// The outline of the line on a page; nil if the picture shows one line.
  public let region: Region?

  /// A picture that shows one line.
  public init(path: String) { (self.path, region) = (path, nil) }

  /// The part of a page inside an outline, in its pixels.
  public init(path: String, polygon: [PagePoint]) {
    (self.path, region) = (path, Region(polygon: polygon))
  }

  /// An outline, compared by its coordinates.
  public struct Region: Sendable, Hashable {
    /// The corners.
    public let polygon: [PagePoint]

    /// Puts in the coordinates.
    public func hash(into hasher: inout Hasher) {
      for point in polygon {
        hasher.combine(point.x)
        hasher.combine(point.y)
      }
    }
  }

  /// The path, with the rectangle around an outline.
  public var description: String {
    guard let region, let box = PageBox(around: region.polygon) else { return path }
    return "\(path)[\(box.width)x\(box.height)+\(box.x)+\(box.y)]"
  }

  /// The picture as it is in the file; of a page the part inside the outline, the rest in the shade of
  /// the paper.
  ///
  /// - Throws: `SampleProblem.Reason` with what is wrong with the file or the outline.
  public func load(from pages: PageCache) throws(SampleProblem.Reason) -> GrayImage {
    guard let region else { return try Self.read(path) }
    let page = try pages.page(path)
    do throws(DocumentError) {
      return try page.cut(polygon: region.polygon, surroundings: .paper)
    } catch {
      throw .unreadable(.document(error))
    }
  }

  static func read(_ path: String) throws(SampleProblem.Reason) -> GrayImage {
    do throws(ImageError) {
      return try ImageFile.read(path)
    } catch {
      throw .init(error)
    }
  }
}
