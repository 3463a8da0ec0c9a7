import Tensors
import Testing

@Suite struct StoragePoolTests {
  /// Holds at any moment, whatever other tests do with the pool meanwhile.
  @Test func noMoreIsKeptThanTwiceWhatWasInUse() {
    for step in 1...60 {
      // Every step wants another size, four megabytes and up, and gives it back.
      let tensor = Tensor(uninitialized: [step * 17, 65_536])
      #expect(tensor.count == step * 17 * 65_536)
      let statistics = StoragePool.statistics
      #expect(statistics.liveBytes <= statistics.peakLiveBytes)
      #expect(
        statistics.reservedBytes
          <= 2 * max(statistics.peakLiveBytes, StoragePool.smallestLimit))
    }
  }
}
