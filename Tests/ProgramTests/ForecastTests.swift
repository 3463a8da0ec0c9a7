import Foundation
import Testing

/// `scribe forecast`, with a model that `scribe train` made.
@Suite(.serialized) struct ForecastTests {
  let folder: TemporaryFolder
  let model: String
  let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try folder.write("shops.csv", Self.shops(days: 60).utf8)
    let recipe = try folder.write(
      "shops.yaml",
      """
      task: forecasting
      file: \(data)
      epochs: 2
      data: {time: day, targets: [sold], group: shop, knownCovariates: [price]}
      contextLength: 14
      predictionLength: 3
      normalization: mean
      model: {kind: direct, hiddenSize: 8}
      output: {kind: quantiles, levels: [0.1, 0.5, 0.9]}
      optimizer: {learningRate: 0.01}
      """.utf8)
    let run = try ScribeProgram.run(
      ["train", recipe, "--output", folder.path + "/run", "--threads", "1"])
    #expect(run.code == 0, "\(run.errors)")
    model = folder.path + "/run/best.safetensors"
  }

  /// Two shops, and the prices of three days to come.
  private static func shops(days: Int, future: Int = 3) -> String {
    var text = "day,shop,sold,price\n"
    for day in 0..<days + future {
      for (index, shop) in ["north", "\"south, old\""].enumerated() {
        let (month, first) = day < 31 ? (1, 0) : day < 60 ? (2, 31) : (3, 60)
        let date = "2020-0\(month)-\(day - first < 9 ? "0" : "")\(day - first + 1)"
        let sold = day < days ? "\(10 * (index + 1) + day % 7)" : ""
        text += "\(date),\(shop),\(sold),\(day % 5)\n"
      }
    }
    return text
  }

  @Test func everySeriesGoesOn() throws {
    let plot = folder.path + "/plot.png"
    let run = try ScribeProgram.run(["forecast", model, data, "--plot", plot])
    #expect(run.code == 0 && run.errors.isEmpty, "\(run)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 7)
    #expect(lines[0] == "day,shop,target,forecast,q0.1,q0.5,q0.9")
    #expect(lines[1].hasPrefix("2020-03-01,north,sold,"))
    #expect(lines[6].hasPrefix("2020-03-03,\"south, old\",sold,"))
    let numbers = lines[1].split(separator: ",").suffix(4).compactMap { Double($0) }
    #expect(numbers.count == 4 && numbers[0] == numbers[2])
    #expect(numbers[1] <= numbers[2] && numbers[2] <= numbers[3])
    for name in ["plot-north-sold.png", "plot-south__old-sold.png"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
    let file = folder.path + "/out.csv"
    let written = try ScribeProgram.run(["forecast", model, data, "-o", file])
    #expect(written.code == 0 && written.output.isEmpty)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == run.output)
  }

  @Test func jsonSaysTheSame() throws {
    struct Output: Decodable {
      struct Series: Decodable {
        var group: String
        var times: [String]
        var quantiles: [String: [Double]]
      }
      var series: [Series]
    }
    let run = try ScribeProgram.run(["forecast", model, data, "--json"])
    let output = try JSONDecoder().decode(Output.self, from: Data(run.output.utf8))
    #expect(output.series.map(\.group) == ["north", "south, old"])
    #expect(output.series[0].times == ["2020-03-01", "2020-03-02", "2020-03-03"])
    #expect(output.series[0].quantiles.keys.sorted() == ["0.1", "0.5", "0.9"])
  }

  @Test func backTestsStandBesideNaiveForecasts() throws {
    struct Report: Decodable {
      struct Method: Decodable {
        struct Errors: Decodable { var mse: Double }
        var name: String
        var overall: Errors
        var steps: [Errors]
      }
      var windows: Int
      var seasonLength: Int
      var methods: [Method]
    }
    let run = try ScribeProgram.run(["forecast", model, data, "--backtest", "--json"])
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    // Twelve of sixty rows are the test part: ten windows of three for each shop.
    #expect(report.windows == 20 && report.seasonLength == 7)
    #expect(report.methods.map(\.name) == ["model", "naive", "seasonal naive (7)"])
    #expect(report.methods[2].overall.mse < 1e-12, "the week repeats itself")
    #expect(report.methods.allSatisfy { $0.steps.count == 3 })
    let text = try ScribeProgram.run(
      ["forecast", model, data, "--backtest", "--last", "12", "--stride", "3"])
    #expect(text.output.contains("on the last 12 rows of"))
    #expect(text.output.contains("8 windows of 3 steps, the origin moved by 3"))
    #expect(text.output.contains("INTERVAL") && text.output.contains("80 %"))
  }

  @Test func whatIsWrongIsNamed() throws {
    func run(_ csv: String, _ options: String...) throws -> ScribeProgram.Run {
      let path = try folder.write("bad.csv", csv.utf8)
      return try ScribeProgram.run(["forecast", model, path] + options)
    }
    let short = try run(Self.shops(days: 9))
    #expect(short.code == 65)
    #expect(short.errors.contains("(series 'north'): found 9 rows, expected at least 14"))
    let blind = try run(Self.shops(days: 30, future: 2))
    #expect(blind.code == 65 && blind.errors.contains("found 2 rows after the last target"))
    let column = try run("day,shop,sold\n2020-01-01,north,1\n2020-01-02,north,1\n")
    #expect(column.code == 65 && column.errors.contains("no column 'price'"))
    let weekly = try run("day,shop,sold,price\n2020-01-01,a,1,1\n2020-01-08,a,1,1\n")
    #expect(weekly.code == 65 && weekly.errors.contains("a row every 1 w, expected every 1 d"))
    let missing = try ScribeProgram.run(["forecast", model, folder.path + "/none.csv"])
    #expect(missing.code == 66)
    let usage = try ScribeProgram.run(["forecast", model, data, "--stride", "2"])
    #expect(usage.code == 64)
    let other = try ScribeProgram.run(["forecast", data, data])
    #expect(other.code == 65)
  }
}
