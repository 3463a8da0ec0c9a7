import Configuration
import Foundation
import Layers
import Testing

@Suite struct AttentionConfigurationTests {
  private func decode(_ json: String) throws -> AttentiveDecoderConfiguration {
    try JSONDecoder().decode(AttentiveDecoderConfiguration.self, from: Data(json.utf8))
  }

  @Test func keysAreRead() throws {
    let configuration = try decode(
      """
      {"cell": "gru", "layerCount": 2, "bridge": "last", "inputFeeding": false,
       "attention": {"kind": "multiHead", "size": 12, "headCount": 3, "scaled": false}}
      """)
    var expected = AttentiveDecoderConfiguration()
    expected.cell = .gru
    expected.layerCount = 2
    expected.bridge = .last
    expected.inputFeeding = false
    expected.attention.kind = .multiHead
    expected.attention.size = 12
    expected.attention.headCount = 3
    expected.attention.scaled = false
    #expect(configuration == expected)
    try configuration.validate()
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(AttentiveDecoderConfiguration.self, from: data) == expected)
  }

  @Test func unknownKeysAndChoicesAreRefused() {
    #expect(throws: ConfigurationError.self) { try decode(#"{"attention": {"heads": 3}}"#) }
    #expect(throws: ConfigurationError.self) { try decode(#"{"cell": "elman"}"#) }
  }

  @Test(arguments: [
    (#"{"hiddenSize": 0}"#, "hiddenSize"), (#"{"outputSize": -1}"#, "outputSize"),
    (#"{"layerCount": 0}"#, "layerCount"),
    (#"{"attention": {"kind": "multiHead", "size": 10, "headCount": 3}}"#, "headCount"),
    (#"{"attention": {"filterWidth": 4}}"#, "filterWidth"),
    (#"{"attention": {"filterCount": 65}}"#, "filterCount"),
    (#"{"attention": {"sharpening": 0}}"#, "sharpening"),
  ])
  func valuesOutOfRangeAreNamed(_ json: String, _ key: String) throws {
    let configuration = try decode(json)
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect("\(try #require(error))".contains(key))
  }
}
