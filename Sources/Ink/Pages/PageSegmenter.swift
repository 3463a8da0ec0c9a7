import Configuration

/// Finds the lines of writing on a page and cuts them out.
///
/// 1. The paper is made even (``PageConfiguration/background``), the ink told from it, scanner
///    borders are taken away, and the page is turned until its rows lie level.
/// 2. Rules are taken away and the rest is parted into connected components.
/// 3. The middles of the lines are followed through the soft strips of ``StripProfiles``.
/// 4. Components go to lines; those in which two lines touch are cut along a seam.
/// 5. Lines are put into reading order and cut along their own ink.
public struct PageSegmenter: Sendable {
  /// How pages are treated.
  public let configuration: PageConfiguration

  /// A segmenter for pages of one kind.
  ///
  /// - Throws: If a value of the configuration is out of range.
  public init(_ configuration: PageConfiguration = PageConfiguration()) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
  }

  /// The lines of a page in reading order; none if there is no writing.
  ///
  /// - Complexity: About O(*pixels*).
  public func callAsFunction(_ image: GrayImage) -> PageLayout {
    let page = LevelPage(image, configuration)
    let lines = page.map { PageLines($0, configuration) }
    return PageLayout(
      width: image.width, height: image.height, skew: page?.skew ?? 0,
      lines: lines?.cut(margin: configuration.margin) ?? [])
  }
}
