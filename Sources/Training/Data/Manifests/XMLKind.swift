import Ink
import Markup

/// What an XML file holds, as the name of its root tells.
enum XMLKind {
  case page
  case alto
  case strokes

  /// Reads the first tag of a file; nil if it is of none of these.
  init?(of path: String) throws(ManifestError) {
    do throws(MarkupError) {
      let reader = try MarkupReader(path: path)
      while let event = try reader.next() {
        guard case .start(let root) = event else { continue }
        switch root.name {
        case "PcGts": self = .page
        case "alto": self = .alto
        case "ink", "WhiteboardCaptureSession", "StrokeSet": self = .strokes
        default: return nil
        }
        return
      }
    } catch {
      throw .document(.markup(error))
    }
    return nil
  }

  var isPage: Bool { self != .strokes }
}
