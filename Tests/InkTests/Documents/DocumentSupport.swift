import Foundation
import Ink
import Testing

/// The pages that come with these tests, and files that they write.
enum Pages {
  /// The path of a page.
  static func path(_ name: String) throws -> String {
    let folder = try #require(Bundle.module.resourceURL)
    return folder.appendingPathComponent("References/Documents/\(name)").path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// A PAGE file of these elements.
  static func page(_ content: String, attributes: String = #"imageFilename="a.png""#) -> [UInt8] {
    Array(
      """
      <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
      <Page \(attributes)>\(content)</Page></PcGts>
      """.utf8)
  }

  /// An ALTO file of these elements.
  static func alto(_ content: String, unit: String = "pixel") -> [UInt8] {
    Array(
      """
      <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>
      <MeasurementUnit>\(unit)</MeasurementUnit><sourceImageInformation><fileName>a.png</fileName>
      </sourceImageInformation></Description><Layout><Page><PrintSpace>\(content)</PrintSpace></Page>
      </Layout></alto>
      """.utf8)
  }

  /// Calls `body` with a folder that is gone afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/scribe-pages-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}

/// Points from `x, y, x, y, ...`.
func points(_ numbers: Double...) -> [PagePoint] {
  stride(from: 0, to: numbers.count, by: 2).map { PagePoint(x: numbers[$0], y: numbers[$0 + 1]) }
}
