import Files
import Ink
import Tables

/// What can be wrong with the data of a classifier, in words that name the file, what was found,
/// what was expected, and what to do.
public enum ClassificationError: Error, Equatable {
  /// A table cannot be read, or a column of it is not what it should be.
  case table(TableError)
  /// A picture or a file of pictures cannot be read.
  case image(ImageError)
  /// A folder cannot be read.
  case folder(FileError)
  /// There are not as many labels as pictures.
  case differentCounts(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// Pictures are of another size than those that the model reads.
  case wrongSize(file: String, found: String, expected: String)
  /// A folder of pictures has no folder for a class.
  case noClasses(folder: String)
  /// A folder of a class has no pictures.
  case noPictures(folder: String)
  /// There are no examples.
  case noExamples(file: String)
  /// All examples are of one class, so that there is nothing to learn.
  case oneClass(file: String, name: String)
  /// An example is of a class that the training examples did not have.
  case unknownClass(place: String, found: String, known: [String])
  /// More examples are to be held back than there are.
  case heldBackTooMany(found: Int, count: Int)
  /// The model reads another kind of input.
  case wrongInput(file: String, found: String, expected: String)
}

extension ClassificationError: CustomStringConvertible {
  /// One line: the file, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .image(let error): error.description
    case .folder(let error): error.description
    case .differentCounts(let images, let imageCount, let labels, let labelCount):
      "\(images): has \(imageCount) pictures, but \(labels) has \(labelCount) labels; "
        + "choose files that belong together"
    case .wrongSize(let file, let found, let expected):
      "\(file): pictures of \(found), expected \(expected)"
    case .noClasses(let folder):
      "\(folder): no folder in it; expected one folder of PNG pictures for each class"
    case .noPictures(let folder):
      "\(folder): no .png file in it; expected the pictures of the class, or no such folder"
    case .noExamples(let file): "\(file): no examples in it, expected at least one"
    case .oneClass(let file, let name):
      "\(file): all examples are of the class '\(name)'; expected two classes at least"
    case .unknownClass(let place, let found, let known):
      "\(place): the class '\(found)' is not one of those trained: "
        + known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    case .heldBackTooMany(let found, let count):
      "heldBack is \(found), but there are \(count) examples; hold back fewer"
    case .wrongInput(let file, let found, let expected):
      "\(file): is \(found), but the model reads \(expected); choose another file or model"
    }
  }
}

/// Turns the errors of files of pictures into those of this module.
func readingImages<Result>(
  _ body: () throws(ImageError) -> Result
) throws(ClassificationError) -> Result {
  do throws(ImageError) {
    return try body()
  } catch {
    throw .image(error)
  }
}

/// Turns the errors of tables into those of this module.
func readingTable<Result>(
  _ body: () throws(TableError) -> Result
) throws(ClassificationError) -> Result {
  do throws(TableError) {
    return try body()
  } catch {
    throw .table(error)
  }
}
