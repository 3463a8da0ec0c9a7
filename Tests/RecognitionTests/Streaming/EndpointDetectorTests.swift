import Configuration
import Recognition
import Testing

@Suite struct EndpointDetectorTests {
  private func configuration(
    pause: Double = 0.5, silence: Double = 2, minimum: Double = 0, maximum: Double = 4
  ) -> EndpointConfiguration {
    var configuration = EndpointConfiguration()
    configuration.pauseAfterSpeech = pause
    configuration.silenceWithoutSpeech = silence
    configuration.minimumDuration = minimum
    configuration.maximumDuration = maximum
    return configuration
  }

  /// The rows, numbered from 1, after which a line ends: `.` is nothing, `_` a delimiter.
  private func endpoints(
    _ rows: String, _ configuration: EndpointConfiguration
  ) -> [Int: EndpointDetector.Endpoint] {
    var detector = EndpointDetector(configuration, frameDuration: 0.1)
    var found: [Int: EndpointDetector.Endpoint] = [:]
    for (index, row) in rows.enumerated() {
      found[index + 1] = detector.take(row == "." ? .blank : row == "_" ? .delimiter : .letter)
    }
    return found
  }

  @Test func aPauseAfterSpeechEndsALine() {
    #expect(endpoints("..ab.c.....", configuration()) == [11: .pause])
    #expect(endpoints("..ab.c....d", configuration()).isEmpty, "4 rows are no pause of 0.5 s")
    #expect(endpoints("ab_....a.....", configuration()) == [7: .pause, 13: .pause])
  }

  @Test func nothingButSilenceBeginsAnewFromTimeToTime() {
    let silence = String(repeating: ".", count: 45)
    #expect(endpoints(silence, configuration()) == [20: .silence, 40: .silence])
    #expect(endpoints("_" + silence, configuration())[20] == .silence, "a delimiter is no speech")
  }

  @Test func aShortLineWaitsForMore() {
    let configuration = configuration(minimum: 1)
    #expect(endpoints("a.....b.......", configuration) == [12: .pause])
    #expect(endpoints("...a.........", configuration) == [13: .pause], "from the first letter")
  }

  @Test func aLineEndsBetweenWordsBeforeItIsTooLong() {
    let letters = String(repeating: "a", count: 60)
    #expect(endpoints("..." + letters, configuration()) == [43: .length])
    #expect(
      endpoints(String(repeating: "aaaa_", count: 12), configuration()) == [35: .length])
  }

  @Test func everyRowIsInOneLine() {
    var detector = EndpointDetector(configuration(), frameDuration: 0.1)
    var ends = 0
    for index in 0..<10_000 where detector.take(index % 97 < 40 ? .letter : .blank) != nil {
      ends += 1
    }
    #expect(ends > 100)
  }

  @Test func rulesOutOfRangeAreNamed() {
    for (configuration, key) in [
      (configuration(pause: 0), "pauseAfterSpeech"),
      (configuration(pause: .nan), "pauseAfterSpeech"),
      (configuration(silence: -1), "silenceWithoutSpeech"),
      (configuration(minimum: 5), "maximumDuration"),
      (configuration(minimum: -1), "minimumDuration"),
      (configuration(maximum: .infinity), "maximumDuration"),
    ] {
      do {
        try configuration.validate()
        Issue.record("\(configuration) was accepted")
      } catch ConfigurationError.invalid(let found, _, _) {
        #expect(found == key)
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}
