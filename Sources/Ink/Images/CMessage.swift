import CImageFiles

/// Room in which a function of C leaves the reason of a failure.
struct CMessage {
  var bytes = [CChar](repeating: 0, count: Int(IMAGE_MESSAGE_SIZE))

  var text: String {
    String(
      decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
