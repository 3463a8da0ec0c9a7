import Audio
import Configuration
import Foundation
import Ink
import Recognition
import Training

/// A writing that a small network learns in seconds: each letter is three columns of ink.
enum Bars {
  private static let height = 16
  private static let shapes: [Character: [ClosedRange<Int>?]] = [
    "a": [3...13, nil, 3...13], "b": [3...13, 8...13, 8...13], "c": [10...13, 10...13, 10...13],
    "d": [3...6, 3...6, 3...13], "e": [7...9, 3...13, 7...9],
    "א": [3...13, nil, 3...13], "ב": [3...13, 8...13, 8...13], "ג": [10...13, 10...13, 10...13],
  ]

  /// The letters beside each other from the left, on white; an é has a bar above.
  static func image(_ text: String) -> GrayImage {
    var image = GrayImage(width: 8 + 10 * text.count, height: height)
    for (place, letter) in text.enumerated() {
      let left = 4 + 10 * place
      for (column, rows) in (shapes[letter == "é" ? "e" : letter] ?? []).enumerated() {
        for row in rows.map(Array.init) ?? [] {
          for x in 0..<2 { image[left + 2 * column + x, row] = 20 }
        }
      }
      if letter == "é" { for x in 0..<6 { image[left + x, 0] = 20 } }
    }
    return image
  }

  /// Writes each text beside its picture; the folder is a manifest.
  @discardableResult
  static func write(
    _ texts: [String], to name: String, in folder: TemporaryFolder
  ) throws -> String {
    for (index, text) in texts.enumerated() {
      let stem = "\(name)/\(index < 10 ? "0" : "")\(index)"
      try folder.write(stem + ".gt.txt", text)
      try folder.write(
        stem + ".png", bytes: try ImageFile.encode(image(text), file: stem))
    }
    return folder.path + "/" + name
  }

  /// A small convolutional and recurrent network for lines of 16 pixels.
  static func recipe(train: String, validation: String? = nil) -> RecognitionRecipe {
    var recipe = RecognitionRecipe()
    recipe.data.train = [train]
    recipe.data.validation = validation.map { [$0] } ?? []
    var features = LineFeatureConfiguration()
    features.normalization.height = height
    recipe.features = .line(features)
    recipe.augmentation = .line(LineAugmentationConfiguration())
    var sizes = ConvolutionalRecurrentConfiguration()
    sizes.convolutions = [ImageStageConfiguration(channels: 4, pool: .init(2))]
    (sizes.layerCount, sizes.hiddenSize, sizes.dropout) = (1, 16, 0)
    recipe.model = .convolutionalRecurrent(sizes)
    return settled(recipe)
  }

  /// The same for strokes, which a recurrent layer alone reads.
  static func strokeRecipe(train: String, validation: String? = nil) -> RecognitionRecipe {
    var recipe = RecognitionRecipe()
    recipe.data.train = [train]
    recipe.data.validation = validation.map { [$0] } ?? []
    var features = StrokeFeatureConfiguration()
    (features.slope, features.slant) = (false, false)
    recipe.features = .strokes(features)
    recipe.augmentation = .strokes(StrokeAugmentationConfiguration())
    recipe.model = Tones.deepSpeech2(.gru) { ($0.hiddenSize, $0.frameStride) = (24, 1) }
    return settled(recipe)
  }

  private static func settled(_ recipe: RecognitionRecipe) -> RecognitionRecipe {
    var recipe = recipe
    recipe.rules.batching.size = 3
    recipe.rules.optimizer.kind = .adam
    recipe.rules.optimizer.learningRate = 1e-2
    recipe.rules.epochs = 3
    return recipe
  }

  /// All that is random in a training on lines or strokes.
  static func eventful(_ recipe: RecognitionRecipe) throws -> RecognitionRecipe {
    var recipe = recipe
    switch recipe.augmentation {
    case .sound: break
    case .line:
      recipe.augmentation = .line(
        try JSONDecoder().decode(
          LineAugmentationConfiguration.self,
          from: Data(
            """
            {"rotation": {"probability": 0.5}, "shear": {"probability": 0.5},
             "horizontalScale": {"probability": 0.5}, "elastic": {"probability": 0.5},
             "thickness": {"probability": 0.4}, "noise": {"probability": 0.4},
             "neighbours": {"probability": 0.3}, "masks": {"probability": 0.3}}
            """.utf8)))
    case .strokes:
      recipe.augmentation = .strokes(
        try JSONDecoder().decode(
          StrokeAugmentationConfiguration.self,
          from: Data(
            """
            {"rotation": {"probability": 0.5}, "slant": {"probability": 0.5},
             "scale": {"probability": 0.5}, "warp": {"probability": 0.5},
             "sampling": {"probability": 0.5}}
            """.utf8)))
    }
    switch recipe.model {
    case .convolutionalRecurrent(var sizes):
      (sizes.dropout, sizes.columnDropout) = (0.2, 0.1)
      recipe.model = .convolutionalRecurrent(sizes)
    case .deepSpeech2(var sizes):
      sizes.dropout = 0.2
      recipe.model = .deepSpeech2(sizes)
    case .deepSpeech: break
    }
    return recipe
  }

  private static let lines: [Character: [[(Int, Int)]]] = [
    "a": [[(0, 0), (0, 8)]], "b": [[(0, 4), (6, 4)]], "c": [[(0, 0), (6, 8)]],
    "d": [[(0, 8), (6, 0)]], "e": [[(0, 0), (3, 8), (6, 0)], [(0, 4), (6, 4)]],
  ]

  /// Rows of JSON lines with the strokes of texts.
  static func strokeRows(_ texts: [String]) -> String {
    texts.map { text in
      let strokes = text.enumerated().flatMap { place, letter in
        (lines[letter] ?? []).map { stroke in
          "[" + stroke.map { "[\($0.0 + 10 * place), \($0.1)]" }.joined(separator: ", ") + "]"
        }
      }
      return "{\"strokes\": [\(strokes.joined(separator: ", "))], \"text\": \"\(text)\"}\n"
    }.joined()
  }
}
