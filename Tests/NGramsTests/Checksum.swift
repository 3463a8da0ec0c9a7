import Files

/// The checksum of a binary model as it is stored.
func checksum(_ model: [UInt8]) -> [UInt8] {
  var hash = XXHash64()
  hash.update(Array(model[16...]))
  return withUnsafeBytes(of: hash.digest.littleEndian) { Array($0) }
}
