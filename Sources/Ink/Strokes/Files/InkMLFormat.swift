/// What InkML says about the numbers of traces: channels, their units and their order.
struct InkMLFormat {
  /// One number of each point.
  struct Channel {
    var name: String
    /// `decimal`, `integer`, `double` or `boolean`; the notation is the same for the first three.
    var isBoolean = false
    var fallback: Double?
    var minimum: Double?
    var maximum: Double?
    /// 1, or −1 where the axis points the other way.
    var sign = 1.0
    var units: String?
    var respectTo: String?
  }

  var channels: [Channel]
  /// How many of the channels every point must have.
  var regularCount: Int

  /// The format of traces that name none.
  static let plain = InkMLFormat(
    channels: [Channel(name: "X"), Channel(name: "Y")], regularCount: 2)

  func index(_ name: String) -> Int? { channels.firstIndex { $0.name == name } }
}

/// What a trace refers to: its format, the resolution of its device, and the origin of its times.
struct InkMLContext {
  var format = InkMLFormat.plain
  /// Points per millimetre of channels measured in units of the device.
  var resolutions: [String: Double] = [:]
  var timestamp: String?
}

/// Lengths and times in units that InkML names.
enum InkMLUnit {
  /// Millimetres of a length.
  static let lengths: [String: Double] = [
    "m": 1000, "cm": 10, "mm": 1, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6,
    "himetric": 0.01, "twip": 25.4 / 1440,
  ]
  /// Seconds of a time.
  static let times: [String: Double] = [
    "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "min": 60, "h": 3600,
  ]

  /// The factors that bring *x* and *y* to one scale: millimetres where both are known.
  static func scales(_ x: InkMLFormat.Channel, _ y: InkMLFormat.Channel, _ context: InkMLContext)
    -> (Double, Double)
  {
    guard let sx = millimetres(x, context), let sy = millimetres(y, context) else {
      return (x.sign, y.sign)
    }
    return (x.sign * sx, y.sign * sy)
  }

  private static func millimetres(
    _ channel: InkMLFormat.Channel, _ context: InkMLContext
  ) -> Double? {
    if let resolution = context.resolutions[channel.name], channel.units ?? "dev" == "dev" {
      return 1 / resolution
    }
    return channel.units.flatMap { lengths[$0] }
  }

  /// Points per millimetre from a resolution such as 1000 per `1/in`.
  static func resolution(_ value: Double, _ units: String) -> Double? {
    guard units.hasPrefix("1/"), let length = lengths[String(units.dropFirst(2))], value > 0,
      value.isFinite
    else { return nil }
    return value / length
  }
}
