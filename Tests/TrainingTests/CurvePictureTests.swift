import Foundation
import Pictures
import Testing
import Training

@Suite struct CurvePictureTests {
  private func epoch(_ number: Int, loss: Double?, cer: Double? = nil) -> MetricsRecord {
    var record = MetricsRecord(kind: .epoch, epoch: number, step: number * 10)
    (record.loss, record.measures[.cer]) = (loss, cer)
    return record
  }

  @Test func curvesHoldTheEpochsAndNotTheSteps() {
    var step = MetricsRecord(kind: .step, epoch: 1, step: 5)
    step.loss = 99
    let records = [
      step, epoch(1, loss: 4, cer: 1), epoch(2, loss: .nan), epoch(3, loss: 1, cer: 0.125),
    ]
    let chart = CurvePicture.chart(records, title: "run")
    #expect(chart.series.map(\.name) == ["training loss", "CER"])
    #expect(chart.series.map(\.side) == [.left, .right])
    #expect(chart.series[0].x == [1, 2, 3])
    #expect(chart.series[0].y[0] == 4 && chart.series[0].y[1].isNaN && chart.series[0].y[2] == 1)
    #expect(chart.series[1].x == [1, 3] && chart.series[1].y == [100, 12.5])
  }

  @Test func aPictureIsWrittenOverTheOldOne() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/curve.png"
    #expect(try !CurvePicture.write([], title: "run", to: path))
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try CurvePicture.write([epoch(1, loss: 4)], title: "run", to: path))
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try CurvePicture.write([epoch(1, loss: 4), epoch(2, loss: 1)], title: "run", to: path))
    let second = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(second.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(first != second)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["curve.png"])
    #expect(throws: PictureError.self) {
      try CurvePicture.write([epoch(1, loss: 4)], title: "", to: folder.path + "/no/such.png")
    }
  }
}
