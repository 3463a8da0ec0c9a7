import Classification
import Configuration
import Tensors
import Testing

@Suite struct DistorterTests {
  private func configuration(
    _ edit: (inout DistortionConfiguration) -> Void
  ) -> DistortionConfiguration {
    var configuration = DistortionConfiguration()
    edit(&configuration)
    return configuration
  }

  /// A bright block in the middle.
  private let block: [UInt8] = (0..<784).map { index in
    (10..<18).contains(index % 28) && (10..<18).contains(index / 28) ? 255 : 0
  }

  private func distorted(
    _ edit: (inout DistortionConfiguration) -> Void, seed: UInt64
  ) -> [UInt8] {
    var random = RandomSource(seed: seed)
    return Distorter(configuration(edit), width: 28, height: 28)(block, random: &random)
  }

  /// The centre of mass and the mass.
  private func moments(_ pixels: [UInt8]) -> (x: Float, y: Float, mass: Float) {
    var (x, y, mass): (Float, Float, Float) = (0, 0, 0)
    for (index, pixel) in pixels.enumerated() {
      let value = Float(pixel) / 255
      (x, y, mass) = (x + value * Float(index % 28), y + value * Float(index / 28), mass + value)
    }
    return (x / mass, y / mass, mass)
  }

  @Test func nothingIsTheIdentity() {
    #expect(distorted({ _ in }, seed: 1) == block)
    let never = distorted({ ($0.probability, $0.rotation, $0.shift) = (0, 30, 5) }, seed: 1)
    #expect(never == block)
  }

  @Test func shiftsMoveTheMassAndKeepIt() {
    var largest: Float = 0
    for seed in 0..<50 {
      let found = moments(distorted({ $0.shift = 3 }, seed: UInt64(seed)))
      #expect(abs(found.x - 13.5) <= 3.02 && abs(found.y - 13.5) <= 3.02)
      #expect(abs(found.mass - 64) < 0.7, "seed \(seed)")
      largest = max(largest, abs(found.x - 13.5), abs(found.y - 13.5))
    }
    #expect(largest > 2)
  }

  @Test func scalesChangeTheMassOnly() {
    var masses: [Float] = []
    for seed in 0..<50 {
      let found = moments(distorted({ $0.scale = 0.2 }, seed: UInt64(seed)))
      #expect(abs(found.x - 13.5) < 0.1 && abs(found.y - 13.5) < 0.1, "seed \(seed)")
      masses.append(found.mass)
    }
    #expect((masses.min() ?? 64) < 55 && (masses.max() ?? 64) > 73)
    #expect((masses.min() ?? 0) > 64 * 0.6 && (masses.max() ?? 99) < 64 * 1.5)
  }

  @Test func rotationsKeepCentreAndMass() {
    var changes = 0
    for seed in 0..<20 {
      let pixels = distorted({ $0.rotation = 45 }, seed: UInt64(seed))
      let found = moments(pixels)
      #expect(abs(found.x - 13.5) < 0.1 && abs(found.y - 13.5) < 0.1 && abs(found.mass - 64) < 2)
      if pixels != block { changes += 1 }
    }
    #expect(changes == 20)
  }

  @Test func elasticDeformationsAreSmooth() {
    for seed in 0..<20 {
      let pixels = distorted({ $0.elasticAmplitude = 2 }, seed: UInt64(seed))
      let found = moments(pixels)
      #expect(pixels != block)
      #expect(abs(found.x - 13.5) < 4 && abs(found.y - 13.5) < 4, "seed \(seed)")
      // The block stays one block: no row has more than two edges.
      for y in 0..<28 {
        let row = pixels[y * 28..<(y + 1) * 28].map { $0 > 127 }
        let edges = zip(row, row.dropFirst()).count { $0 != $1 }
        #expect(edges <= 2, "seed \(seed), row \(y)")
      }
    }
  }

  @Test func drawsDependOnSeedEpochAndExampleAlone() {
    let examples = Examples(
      .pixels(block + block + block), featureCount: 784,
      places: .items(file: "a", indices: [0, 1, 2]), labels: [0, 1, 0])
    let distorter = Distorter(
      configuration { ($0.rotation, $0.elasticAmplitude) = (10, 4) }, width: 28, height: 28)
    func row(_ indices: [Int], _ place: Int, seed: UInt64, epoch: Int) -> [Float] {
      let all = examples.features(indices, distortedBy: distorter, seed: seed, epoch: epoch)
      return Array(all.scalars[place * 784..<(place + 1) * 784])
    }
    let one = row([0, 1, 2], 1, seed: 1, epoch: 3)
    #expect(one == row([1], 0, seed: 1, epoch: 3))
    #expect(one != row([0], 0, seed: 1, epoch: 3))
    #expect(one != row([1], 0, seed: 1, epoch: 4))
    #expect(one != row([1], 0, seed: 2, epoch: 3))
    #expect(examples.features([1], distortedBy: nil, seed: 1, epoch: 1) == examples.features([1]))
  }

  @Test(arguments: ["probability: 2", "scale: 1", "elasticSpacing: 1", "alpha: 3"])
  func configurationsAreChecked(yaml: String) {
    #expect(throws: ConfigurationError.self) {
      try ConfigurationFile.decode(DistortionConfiguration.self, yaml: yaml + "\n", file: "a.yaml")
    }
  }
}
