import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The measurements of a training run as JSON lines, one ``MetricsRecord`` each.
///
/// A record is written by one call and ends with its line, so that a killed run leaves at most one
/// torn line, which the next one drops. Records go to the log before the checkpoint of their step is
/// saved: what a resumed run measures again is then dropped, and nothing is missing.
public struct MetricsLog: ~Copyable {
  /// The log's path.
  public let path: String
  private let descriptor: Int32

  /// Opens a log.
  ///
  /// - Parameter place: Where the training goes on: the steps that are done, and the epoch under
  ///   way, from 1. Records of later steps, and of epochs that will end again, are dropped. Nil
  ///   starts an empty log.
  /// - Throws: `ReportingError` if the file cannot be read or written, or is no such log.
  public init(path: String, resumedAt place: (step: Int, epoch: Int)? = nil) throws(ReportingError)
  {
    descriptor = try Self.start(path, place)
    self.path = path
  }

  deinit { close(descriptor) }

  private static func start(
    _ path: String, _ place: (step: Int, epoch: Int)?
  ) throws(ReportingError) -> Int32 {
    let kept = try place.map { place throws(ReportingError) in
      try read(path).filter {
        $0.step <= place.step && ($0.kind == .step || $0.epoch < place.epoch)
      }
    }
    let text = (kept ?? []).map { $0.json + "\n" }.joined()
    do throws(FileError) {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemReason()) }
    return descriptor
  }

  /// Adds a record at the end.
  ///
  /// - Throws: `ReportingError.unwritable`, for example when the disk is full.
  public func append(_ record: MetricsRecord) throws(ReportingError) {
    do throws(FileError) {
      try OutputFile.write(Array((record.json + "\n").utf8), to: descriptor, path: path)
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }

  /// The records of a log; none if there is no such file. A torn last line is left out.
  ///
  /// - Throws: `ReportingError.damaged` naming a line in the middle that is no record.
  public static func read(_ path: String) throws(ReportingError) -> [MetricsRecord] {
    guard access(path, F_OK) == 0 else { return [] }
    var records: [MetricsRecord] = []
    var damagedLine: Int?
    do {
      var reader = try LineReader(path: path)
      while let line = try reader.next() {
        if damagedLine != nil { break }
        if let record = MetricsRecord(json: line) {
          records.append(record)
        } else {
          damagedLine = reader.lineNumber
        }
      }
      // A damaged line that another one follows was not torn by a kill.
      if let damagedLine, reader.lineNumber > damagedLine {
        throw ReportingError.damaged(
          path: path, line: damagedLine, found: "a line that is no metrics record",
          expected: "JSON objects with 'kind', 'epoch' and 'step'")
      }
    } catch let error as ManifestError {
      throw .unreadable(path: path, reason: "\(error)")
    } catch let error as ReportingError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    return records
  }
}
