import Tensors

/// Where a window stands: rows before `origin` are its context, the others its horizon.
public struct WindowPlace: Sendable, Equatable {
  /// The place of the series in its list.
  public var series: Int
  /// The first row that is forecast.
  public var origin: Int

  /// A window of a series.
  public init(series: Int, origin: Int) { (self.series, self.origin) = (series, origin) }
}

/// The lengths of a window and what is done to its numbers.
public struct WindowShape: Sendable, Equatable {
  /// Rows that a network sees.
  public var contextLength: Int
  /// Rows that it forecasts.
  public var predictionLength: Int
  /// What is subtracted from the targets of a window.
  public var normalization: WindowNormalization

  /// A shape.
  public init(
    contextLength: Int, predictionLength: Int, normalization: WindowNormalization = .none
  ) {
    (self.contextLength, self.predictionLength) = (contextLength, predictionLength)
    self.normalization = normalization
  }

  /// The origins whose horizon lies within `part`; the context may reach back before it.
  public func origins(in part: Range<Int>, stride: Int = 1) -> [Int] {
    let first = max(part.lowerBound, contextLength)
    let last = part.upperBound - predictionLength
    return first <= last ? Array(Swift.stride(from: first, through: last, by: stride)) : []
  }

  /// The origins whose whole window lies within `part`, as in training.
  public func innerOrigins(in part: Range<Int>, stride: Int = 1) -> [Int] {
    let first = part.lowerBound + contextLength
    let last = part.upperBound - predictionLength
    return first <= last ? Array(Swift.stride(from: first, through: last, by: stride)) : []
  }
}

/// Some windows as tensors, time outermost.
public struct ForecastBatch: Sendable {
  /// The targets of the contexts, normalised by window, `[context, batch, target]`.
  public let past: Tensor
  /// Columns known for the past, `[context, batch, column]`.
  public let pastCovariates: Tensor
  /// Columns known for the future too, and the calendar, `[context + prediction, batch, column]`.
  public let known: Tensor
  /// The targets of the horizons, normalised by window, `[prediction, batch, target]`; nil where they
  /// are not known.
  public let future: Tensor?
  /// What was subtracted, `[batch, target]`.
  public let offset: Tensor
  /// What the rest was divided by, `[batch, target]`.
  public let scale: Tensor
  /// The place of each row's series in the network's table of groups.
  public let groups: [Int]

  /// The number of windows.
  public var count: Int { groups.count }

  /// The windows at some places.
  ///
  /// - Parameter withFuture: Whether the horizons have targets.
  public init(
    _ places: [WindowPlace], of series: [PreparedSeries], _ shape: WindowShape,
    withFuture: Bool
  ) {
    precondition(!places.isEmpty, "ForecastBatch: no windows")
    let first = series[places[0].series]
    let targetCount = first.targets.count / max(1, first.rowCount)
    let (context, horizon) = (shape.contextLength, shape.predictionLength)
    var (offsets, scales): ([Float], [Float]) = ([], [])
    for place in places {
      let series = series[place.series]
      precondition(
        place.origin >= context && place.origin <= series.rowCount
          && place.origin + horizon <= (withFuture ? series.rowCount : series.knownRowCount),
        "ForecastBatch: origin \(place.origin) of \(series.rowCount) rows")
      for target in 0..<targetCount {
        let rows = place.origin - context..<place.origin
        let (offset, scale) = shape.normalization.statistics(
          rows.lazy.map { series.targets[$0 * targetCount + target] })
        offsets.append(offset)
        scales.append(scale)
      }
    }
    func targets(_ steps: Range<Int>) -> Tensor {
      var block = Self.block(places, steps: steps, width: targetCount) { series[$0].targets }
      Self.normalize(&block, offsets, scales)
      return block
    }
    past = targets(-context..<0)
    future = withFuture ? targets(0..<horizon) : nil
    let pastWidth = first.pastCovariates.count / max(1, first.rowCount)
    pastCovariates = Self.block(places, steps: -context..<0, width: pastWidth) {
      series[$0].pastCovariates
    }
    known = Self.block(
      places, steps: -context..<horizon, width: first.known.count / max(1, first.knownRowCount)
    ) { series[$0].known }
    offset = Tensor(offsets, shape: [places.count, targetCount])
    scale = Tensor(scales, shape: [places.count, targetCount])
    groups = places.map { series[$0.series].group }
  }

  /// The targets of the horizons as they are without normalisation by window.
  public var target: Tensor? {
    future.map { future in
      var target = future
      Self.denormalize(&target, offset.scalars, scale.scalars)
      return target
    }
  }

  private static func block(
    _ places: [WindowPlace], steps: Range<Int>, width: Int, _ rows: (Int) -> [Float]
  ) -> Tensor {
    let batch = places.count
    return Tensor(unsafeUninitialized: [steps.count, batch, width]) { out in
      guard width > 0, let out = out.baseAddress else { return }
      for (index, place) in places.enumerated() {
        rows(place.series).withUnsafeBufferPointer { rows in
          for (time, step) in steps.enumerated() {
            let source = rows.baseAddress! + (place.origin + step) * width
            (out + (time * batch + index) * width).update(from: source, count: width)
          }
        }
      }
    }
  }

  private static func normalize(_ block: inout Tensor, _ offsets: [Float], _ scales: [Float]) {
    let row = offsets.count
    block.withUnsafeMutableBufferPointer { values in
      for index in values.indices {
        values[index] = (values[index] - offsets[index % row]) / scales[index % row]
      }
    }
  }

  private static func denormalize(_ block: inout Tensor, _ offsets: [Float], _ scales: [Float]) {
    let row = offsets.count
    block.withUnsafeMutableBufferPointer { values in
      for index in values.indices {
        values[index] = values[index] * scales[index % row] + offsets[index % row]
      }
    }
  }
}
