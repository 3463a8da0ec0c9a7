import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process-wide pool of 64-byte aligned blocks, so that a training step in steady state asks the
/// system for nothing: fresh large pages cost more than the arithmetic on them.
///
/// Capacities are rounded up to a quarter of a power of two, at most 25 % of waste, so that batches
/// of slightly different lengths share blocks. Batches of very different lengths would in time leave
/// blocks of every size behind; so what is kept never exceeds twice what was in use at once.
public enum StoragePool {
  private struct State {
    var free: [Int: [SharedBuffer]] = [:]
    var statistics = Statistics()

    /// Returns unused blocks, the largest first, until another `bytes` are within the limit.
    mutating func makeRoom(for bytes: Int) {
      let limit = 2 * max(statistics.peakLiveBytes, StoragePool.smallestLimit)
      guard statistics.reservedBytes + bytes > limit else { return }
      for capacity in free.keys.sorted(by: >) {
        while statistics.reservedBytes + bytes > limit, let block = free[capacity]?.popLast() {
          systemFree(block.base)
          statistics.reservedBytes -= block.capacity * MemoryLayout<Float>.stride
        }
      }
    }
  }

  /// What the pool holds and has handed out.
  public struct Statistics: Sendable, Equatable {
    /// Bytes asked from the system and not returned.
    public var reservedBytes = 0
    /// Bytes handed out at the moment.
    public var liveBytes = 0
    /// The most bytes that were handed out at once.
    public var peakLiveBytes = 0
    /// How often the system was asked.
    public var systemAllocations = 0
  }

  private static let state = Mutex(State())
  private static let alignment = 64
  /// Below this nothing is worth returning.
  package static let smallestLimit = 64 << 20

  /// A snapshot of the pool's statistics.
  public static var statistics: Statistics { state.withLock { $0.statistics } }

  /// Returns the unused blocks to the system.
  public static func trim() {
    state.withLock { state in
      for (_, blocks) in state.free {
        for block in blocks {
          systemFree(block.base)
          state.statistics.reservedBytes -= block.capacity * MemoryLayout<Float>.stride
        }
      }
      state.free.removeAll()
    }
  }

  static func roundedCapacity(_ count: Int) -> Int {
    let minimum = alignment / MemoryLayout<Float>.stride
    guard count > minimum * 4 else {
      return max(minimum, (count + minimum - 1) / minimum * minimum)
    }
    let quarter = 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount - 2)
    return (count + quarter - 1) / quarter * quarter
  }

  static func take(_ count: Int) -> SharedBuffer {
    let capacity = roundedCapacity(count)
    let bytes = capacity * MemoryLayout<Float>.stride
    let recycled: SharedBuffer? = state.withLock { state in
      state.statistics.liveBytes += bytes
      state.statistics.peakLiveBytes = max(
        state.statistics.peakLiveBytes, state.statistics.liveBytes)
      if let block = state.free[capacity]?.popLast() { return block }
      state.makeRoom(for: bytes)
      state.statistics.reservedBytes += bytes
      state.statistics.systemAllocations += 1
      return nil
    }
    if let recycled { return recycled }
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, alignment, bytes) == 0, let pointer else {
      preconditionFailure("StoragePool: the system has no \(bytes) bytes left")
    }
    let base = pointer.bindMemory(to: Float.self, capacity: capacity)
    return SharedBuffer(value: UnsafeMutableBufferPointer(start: base, count: capacity))
  }

  static func give(_ block: SharedBuffer) {
    state.withLock { state in
      state.statistics.liveBytes -= block.capacity * MemoryLayout<Float>.stride
      state.free[block.capacity, default: []].append(block)
    }
  }
}

/// The reference that tensors share: a pooled block that goes back to the pool with its last owner.
final class Storage: Sendable {
  let buffer: SharedBuffer

  init(count: Int) { buffer = StoragePool.take(count) }

  deinit { StoragePool.give(buffer) }
}

private func systemFree(_ base: UnsafeMutableRawPointer?) { free(base) }
