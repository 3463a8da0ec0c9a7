import Foundation

/// Small data, and recipes over them, of the tasks besides recognition.
enum KillMaterials {
  static func recipe(
    _ kind: TrainerKillTests.Kind, in folder: TemporaryFolder
  ) throws -> String {
    switch kind {
    case .recordings, .lines: ""
    case .points: try points(folder)
    case .series: try series(folder)
    case .letters: try letters(folder)
    case .sentences: try sentences(folder)
    }
  }

  private static func points(_ folder: TemporaryFolder) throws -> String {
    let rows = (0..<120).map { row -> String in
      let (x, y) = (sin(Double(row)), cos(Double(3 * row)))
      return "\(x),\(y),\(x * y > 0 ? "same" : "other")\n"
    }
    return """
      task: classification
      data: {table: \(try folder.write("points.csv", "x,y,sign\n" + rows.joined())), label: sign}
      heldBack: {count: 20}
      model: {kind: feedForward, hiddenSizes: [16, 8], dropout: 0.2}
      batching: {size: 10}
      """
  }

  private static func series(_ folder: TemporaryFolder) throws -> String {
    let rows = (0..<160).map { "\($0),\(10 + 3 * sin(Double($0) * .pi / 4))\n" }.joined()
    return """
      task: forecasting
      file: \(try folder.write("waves.csv", "time,y\n" + rows))
      data: {targets: [y]}
      contextLength: 16
      predictionLength: 4
      seasonLength: 8
      model: {kind: autoregressive, cell: gru, hiddenSize: 8, dropout: 0.1}
      output: {kind: gaussian}
      batching: {size: 16}
      """
  }

  private static func letters(_ folder: TemporaryFolder) throws -> String {
    let text = (0..<60).map { "\($0 % 7) and \($0 % 5) are \($0 % 7 + $0 % 5)\n" }.joined()
    let path = try folder.write("text.txt", text)
    return """
      task: languageModelling
      data: {train: [\(path)], validation: [\(path)]}
      input: {unit: character}
      model: {embeddingSize: 8, recurrent: {cell: lstm, hiddenSize: 16, dropout: 0.1}}
      stepLength: 12
      batching: {size: 4}
      """
  }

  private static func sentences(_ folder: TemporaryFolder) throws -> String {
    let words = [("one", "eins"), ("two", "zwei"), ("three", "drei"), ("four", "vier")]
    var (source, target) = ("", "")
    for first in words {
      for second in words {
        source += "\(first.0) \(second.0)\n"
        target += "\(first.1) \(second.1)\n"
      }
    }
    let (english, german) = try (folder.write("en", source), folder.write("de", target))
    return """
      task: translation
      data: {source: \(english), target: \(german), validationSource: \(english), \
      validationTarget: \(german)}
      vocabulary: {size: 40, dropout: 0.2}
      model: {embeddingSize: 8, hiddenSize: 8, dropout: 0.1, decoder: {hiddenSize: 12, outputSize: 8}}
      scheduledSampling: {probability: 0.5, startsAt: 0}
      search: {beamWidth: 2}
      batching: {size: 4}
      """
  }
}
