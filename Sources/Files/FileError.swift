#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the system did not open, read or write a file.
public enum FileError: Error, Equatable, CustomStringConvertible {
  /// There is no such file or folder.
  case notFound(path: String)
  /// The user may not do this.
  case permissionDenied(path: String, action: String)
  /// A folder stands where a file was expected.
  case isFolder(path: String)
  /// The path goes through something that is not a folder.
  case notAFolder(path: String)
  /// A device, pipe or socket stands where a file was expected.
  case notARegularFile(path: String)
  /// The disk, or the user's share of it, is full.
  case noSpace(path: String)
  /// The file would be larger than the system or the user's limit allows.
  case tooLarge(path: String)
  /// The file system is mounted for reading only.
  case readOnly(path: String)
  /// Any other reason, in the system's words.
  case other(path: String, action: String, reason: String)

  /// The error that an `errno` stands for.
  package init(_ code: Int32, path: String, action: String) {
    self =
      switch code {
      case ENOENT: .notFound(path: path)
      case EACCES, EPERM: .permissionDenied(path: path, action: action)
      case EISDIR: .isFolder(path: path)
      case ENOTDIR: .notAFolder(path: path)
      case ENOSPC, EDQUOT: .noSpace(path: path)
      case EFBIG: .tooLarge(path: path)
      case EROFS: .readOnly(path: path)
      default: .other(path: path, action: action, reason: String(cString: strerror(code)))
      }
  }

  /// The path that the error is about.
  public var path: String {
    switch self {
    case .notFound(let path), .isFolder(let path), .notAFolder(let path),
      .notARegularFile(let path), .noSpace(let path), .tooLarge(let path), .readOnly(let path),
      .permissionDenied(let path, _), .other(let path, _, _):
      path
    }
  }

  /// The reason and what to do, for messages that name the path themselves.
  public var reason: String { String(description.dropFirst(path.count + 2)) }

  /// One line naming the path, the reason and what to do.
  public var description: String {
    switch self {
    case .notFound(let path): "\(path): no such file or folder; check the path"
    case .permissionDenied(let path, let action):
      "\(path): permission to \(action) denied; change the permissions or choose another path"
    case .isFolder(let path): "\(path): is a folder, expected a file"
    case .notAFolder(let path): "\(path): a part of the path is not a folder; check the path"
    case .notARegularFile(let path): "\(path): is a device or pipe, expected a regular file"
    case .noSpace(let path): "\(path): no space left on the device; free some and try again"
    case .tooLarge(let path): "\(path): the file would exceed the system's limit for file sizes"
    case .readOnly(let path): "\(path): the file system is read-only; choose another path"
    case .other(let path, let action, let reason): "\(path): cannot \(action): \(reason)"
    }
  }
}
