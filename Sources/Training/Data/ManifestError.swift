import Ink

/// What can be wrong with a manifest, named with file and line.
public enum ManifestError: Error, Equatable, CustomStringConvertible {
  /// The file or folder cannot be read; the reason is the system's.
  case unreadable(path: String, reason: String)
  /// A line holds bytes that are not UTF-8; `column` counts bytes from 1.
  case notUTF8(file: String, line: Int, column: Int)
  /// A row is not what its format asks for.
  case row(file: String, line: Int, found: String, expected: String)
  /// A file of transcribed pages or lines is damaged.
  case document(DocumentError)
  /// The file or folder is none of the known formats.
  case unrecognized(path: String, found: String)
  /// The manifest declares no sample at all.
  case empty(path: String)
  /// A manifest cannot be written; the reason is the system's.
  case unwritable(path: String, reason: String)

  /// One line: place, what was found, what was expected.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .notUTF8(let file, let line, let column):
      "\(file):\(line): byte \(column) is not UTF-8; expected a manifest saved as UTF-8"
    case .row(let file, let line, let found, let expected):
      "\(file):\(line): found \(found); expected \(expected)"
    case .document(let error): "\(error)"
    case .unrecognized(let path, let found):
      """
      \(path): found \(found); expected a file of JSON lines with 'text' and 'audio_filepath', \
      'image_filepath', 'strokes_filepath' or 'strokes', a CSV file with the columns wav_filename \
      and transcript, a Kaldi folder with wav.scp and text, a LibriSpeech tree with *.trans.txt, \
      IAM's lines.txt, PAGE XML or ALTO files, a folder of recordings beside their .txt files, of \
      pictures beside their .gt.txt files, or of stroke files (InkML, UNIPEN, IAM-OnDB XML, JSON)
      """
    case .empty(let path):
      "\(path): found no sample; expected at least one row"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
