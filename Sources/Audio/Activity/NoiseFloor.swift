#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The noise in each band, by minimum statistics.
///
/// Speech pauses in every band again and again, so that the least smoothed energy of some seconds
/// is that of the noise (Martin 2001; Marzinzik and Kollmeier 2002). The seconds lie on both sides of
/// the moment: a recording may begin with speech. Minima are kept by blocks of a quarter of a second,
/// which bounds memory and work.
struct NoiseFloor {
  let bandCount: Int
  /// Frames in a block.
  let blockLength: Int

  /// Blocks before and after one that tell its noise.
  let past: Int
  let ahead: Int
  private let silence: Float
  private let rest: Int
  private let bias: [Float]
  private var smoothed: [Float]
  private var frameInBlock = 0
  /// Frames since the last one of silence.
  private var sound = 0
  /// The minima of the block that is open, and of those before it that are still needed.
  private var minima: [Float]
  private var blocks: [[Float]] = []
  /// Frames of each block that were not silent.
  private var counts: [Int] = []
  private var count = 0
  private let leastCount: Int
  /// The number of the first of `blocks`.
  private var firstBlock = 0
  private(set) var completeBlocks = 0

  /// The share of the past in smoothed energies: a time of 45 ms for frames every 10 ms.
  private static let memory: Float = 0.8
  private static let blockDuration = 0.25
  /// With less sound than this many seconds around, all of it may be speech: words between the
  /// silences of cuts.
  private static let leastDuration = 1.5
  /// ln(mean / minimum) times the root of the bins in a band, measured over five seconds of white
  /// noise: 1.41 to 1.74 in twelve bands.
  private static let minimumBias: Float = 1.6

  init(_ configuration: ActivityConfiguration, bandWidths: [Float]) {
    bandCount = configuration.bandCount
    blockLength = max(1, Int((Self.blockDuration / configuration.hopLength).rounded()))
    past = Int((configuration.noisePast / Self.blockDuration).rounded())
    ahead = max(1, Int((configuration.noiseAhead / Self.blockDuration).rounded()))
    leastCount = Int(Self.leastDuration / configuration.hopLength)
    silence = pow(10, configuration.silenceLevel / 10)
    // A window that is partly silent is quieter than the noise.
    rest = Int((configuration.windowLength / configuration.hopLength).rounded(.up))
    sound = rest
    bias = bandWidths.map { exp(Self.minimumBias / $0.squareRoot()) }
    smoothed = [Float](repeating: .infinity, count: bandCount)
    minima = smoothed
  }

  /// Whether a frame is the silence of a cut or of a muted line.
  func isSilent(_ energies: ArraySlice<Float>) -> Bool { energies.reduce(0, +) < silence }

  /// Takes in the energies of the next frame.
  mutating func push(_ energies: ArraySlice<Float>) {
    if isSilent(energies) {
      sound = 0
    } else {
      sound += 1
      if sound > rest { smooth(energies) }
    }
    frameInBlock += 1
    if frameInBlock == blockLength { closeBlock() }
  }

  /// Ends the stream: the block that is open counts as complete.
  mutating func finish() {
    if frameInBlock > 0 { closeBlock() }
  }

  private mutating func smooth(_ energies: ArraySlice<Float>) {
    count += 1
    let isFirst = sound == rest + 1
    for (band, energy) in energies.enumerated() {
      let value =
        isFirst ? energy : Self.memory * smoothed[band] + (1 - Self.memory) * energy
      smoothed[band] = value
      minima[band] = min(minima[band], value)
    }
  }

  private mutating func closeBlock() {
    blocks.append(minima)
    counts.append(count)
    count = 0
    completeBlocks += 1
    frameInBlock = 0
    for band in minima.indices { minima[band] = .infinity }
  }

  /// Whether enough is known of what follows a block.
  func isReady(_ block: Int, isFinished: Bool) -> Bool {
    block < completeBlocks && (isFinished || block + ahead < completeBlocks)
  }

  /// The noise around a block, 0 where hardly anything is heard; blocks are asked for in order.
  mutating func floor(ofBlock block: Int) -> [Float] {
    let first = max(firstBlock, block - past)
    blocks.removeFirst(first - firstBlock)
    counts.removeFirst(first - firstBlock)
    firstBlock = first
    let known = block + ahead + 1 - first
    guard counts.prefix(known).reduce(0, +) >= leastCount else {
      return [Float](repeating: 0, count: bandCount)
    }
    var floor = [Float](repeating: .infinity, count: bandCount)
    for minima in blocks.prefix(known) {
      for band in floor.indices { floor[band] = min(floor[band], minima[band]) }
    }
    for band in floor.indices { floor[band] *= bias[band] }
    return floor
  }
}
