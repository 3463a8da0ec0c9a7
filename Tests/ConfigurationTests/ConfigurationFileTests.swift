import Configuration
import Foundation
import Testing

@Suite struct ConfigurationFileTests {
  @Test func absentKeysKeepTheirDefaults() throws {
    #expect(try sample("") == SampleConfiguration())
    #expect(try sample("# nothing but a remark\n") == SampleConfiguration())
    let value = try sample("epochs: 3\nmodel:\n  cell: gru\n")
    #expect(value.epochs == 3)
    #expect(value.model.cell == .gru)
    #expect(value.model.hiddenSize == 256)
  }

  @Test func everyTypeIsRead() throws {
    let value = try sample(
      "name: 'a: b'\nlearningRate: 2.5e-4\nshuffle: false\nseed: 7\nsizes: [4, 5]\n"
        + "layers:\n- {hiddenSize: 8}\n- {dropout: 0.5}\n")
    #expect(value.name == "a: b")
    #expect(value.learningRate == 2.5e-4)
    #expect(value.shuffle == false)
    #expect(value.seed == 7)
    #expect(value.sizes == [4, 5])
    #expect(value.layers.map(\.hiddenSize) == [8, 256])
    #expect(value.layers[1].dropout == 0.5)
  }

  @Test func overridesReplaceAndCreate() throws {
    let value = try sample(
      "model:\n  hiddenSize: 8\nlayers: [{}, {}]\nseed: 1\n", "model.hiddenSize=16",
      "model.cell=rnn", "sizes=[9]", "shuffle=false", "layers.1.hiddenSize=32", "seed=",
      "name=x=y")
    #expect(value.model.hiddenSize == 16)
    #expect(value.model.cell == .rnn)
    #expect(value.sizes == [9])
    #expect(value.shuffle == false)
    #expect(value.layers.map(\.hiddenSize) == [256, 32])
    #expect(value.seed == nil)
    #expect(value.name == "x=y")
    #expect(try sample("", "model.hiddenSize=1", "model.hiddenSize=2").model.hiddenSize == 2)
    #expect(try sample("model:\n", "model.hiddenSize=4").model.hiddenSize == 4)
  }

  @Test func mistakesNameFileLineAndKey() {
    #expect(
      failure("epochs: 1\nmodel:\n  hidden_size: 3\n")
        == "a.yaml:3: unknown key 'model.hidden_size', did you mean hiddenSize?; "
        + "known here: cell, dropout, hiddenSize")
    #expect(
      failure("layers:\n- {}\n- hiddenSzie: 3\n").hasPrefix(
        "a.yaml:3: unknown key 'layers.1.hiddenSzie', did you mean hiddenSize?"))
    #expect(!failure("colour: red\n").contains("did you mean"))
    #expect(failure("\nepochs: many\n") == "a.yaml:2: 'epochs' is 'many'; expected a whole number")
    #expect(failure("epochs: 2.5") == "a.yaml:1: 'epochs' is '2.5'; expected a whole number")
    #expect(failure("sizes: 3") == "a.yaml:1: 'sizes' is '3'; expected a list")
    #expect(failure("sizes: [1, x]") == "a.yaml:1: 'sizes.1' is 'x'; expected a whole number")
    #expect(
      failure("model: [1]") == "a.yaml:1: 'model' is a list; expected a mapping of keys to values")
    #expect(
      failure("model:\n  cell: LSTM2\n")
        == "a.yaml:2: 'model.cell' is 'LSTM2'; expected one of rnn, lstm, gru "
        + "(did you mean lstm?)")
    #expect(
      failure("- 1\n") == "a.yaml: the whole is a list; expected a mapping of keys to values")
  }

  @Test func rangesAreCheckedInNestedConfigurations() {
    #expect(
      failure("epochs: 1\nlearningRate: -1\n")
        == "a.yaml:2: 'learningRate' is -1.0; expected a number over 0")
    #expect(failure("learningRate: .nan").contains("'learningRate' is nan"))
    #expect(
      failure("model:\n  hiddenSize: 0\n")
        == "a.yaml:2: 'model.hiddenSize' is 0; expected 1 or more")
  }

  @Test func brokenYAMLNamesItsLine() {
    #expect(failure("epochs: 1\nname: [a, b\nmodel: }\n").hasPrefix("a.yaml:3: not YAML: "))
    #expect(failure("epochs: 1\n\nepochs: 2\n").hasPrefix("a.yaml:"))
    #expect(failure("epochs: 1\n\nepochs: 2\n").contains("key given twice: epochs"))
  }

  @Test func overrideMistakesNameTheOverride() {
    #expect(
      failure("", "model.hiddensize=3").hasPrefix(
        "override 'model.hiddensize=3': unknown key 'model.hiddensize', did you mean hiddenSize?"))
    #expect(
      failure("", "optimiser.rate=3").hasPrefix(
        "override 'optimiser.rate=3': unknown key 'optimiser'"))
    #expect(
      failure("epochs: 2", "epochs=x")
        == "override 'epochs=x': 'epochs' is 'x'; expected a whole number")
    #expect(
      failure("epochs: 2", "epochs.more=1")
        == "override 'epochs.more=1': 'epochs' is '2'; expected a mapping that holds 'more'")
    #expect(
      failure("layers: [{}]", "layers.1.cell=rnn")
        == "override 'layers.1.cell=rnn': unknown key 'layers.1'; known here: 0")
    #expect(
      failure("model: {hiddenSize: 4}", "model.hiddenSize=-4")
        == "override 'model.hiddenSize=-4': 'model.hiddenSize' is -4; expected 1 or more")
    for text in ["epochs", "=3", "a..b=1", "", "a b=3"] {
      #expect(failure("", text).hasPrefix("'\(text)' is not an override"))
    }
    #expect(failure("", "sizes=[1").hasPrefix("override 'sizes=[1'"))
  }

  @Test func textFormsRoundTrip() throws {
    var value = SampleConfiguration()
    (value.name, value.learningRate, value.seed) = ("é: \"x\"\n", 0.1 + 0.2, -3)
    value.model.dropout = 0.1
    value.layers = [LayerConfiguration()]
    let yaml = try ConfigurationFile.yaml(of: value)
    #expect(try sample(yaml) == value)
    #expect(yaml.contains("learningRate: 0.30000000000000004\n"))
    #expect(yaml.contains("model:\n  cell: lstm\n  dropout: 0.1\n  hiddenSize: 256\n"))
    #expect(yaml.contains("sizes: [1, 2, 3]\n"))
    for name in ["true", "12", "1e3", "null", "", "a # b", "- x", " ", "2001-01-01", "~", "a: b"] {
      var named = SampleConfiguration()
      named.name = name
      #expect(try sample(try ConfigurationFile.yaml(of: named)) == named)
    }
    let keys = yaml.split(separator: "\n").filter { $0.first?.isLetter == true }.map {
      String($0.prefix { $0 != ":" })
    }
    #expect(keys == keys.sorted())
    let json = try ConfigurationFile.json(of: value)
    #expect(json == (try ConfigurationFile.json(of: value)))
    #expect(json.contains("\"dropout\":0.1,"))
    #expect(try ConfigurationFile.decode(SampleConfiguration.self, json: json, file: "m") == value)
  }

  @Test func numbersThatJSONCannotHoldAreNamed() {
    var value = SampleConfiguration()
    value.model.dropout = .infinity
    #expect(
      throws: ConfigurationError.invalid(
        key: "model.dropout", found: "inf", expected: "a finite number")
    ) { try ConfigurationFile.json(of: value) }
    #expect(throws: ConfigurationError.self) { try ConfigurationFile.yaml(of: value) }
  }

  @Test func storedJSONIsCheckedLikeAFile() {
    func failure(_ json: String) -> String {
      do {
        _ = try ConfigurationFile.decode(
          SampleConfiguration.self, json: json, file: "m.safetensors")
        return "read"
      } catch {
        return error.description
      }
    }
    #expect(failure("{\"epoch\":1}").hasPrefix("m.safetensors: unknown key 'epoch', did you mean"))
    #expect(failure("{\"model\":{\"hiddenSize\":0}}").contains("'model.hiddenSize' is 0"))
    #expect(failure("{\"epochs\":\"x\"}").contains("'epochs' is"))
    #expect(failure("{\"epochs\":").hasPrefix("m.safetensors: "))
  }

  @Test func unreadableFilesSayWhy() throws {
    func failure(_ path: String) -> String {
      do {
        _ = try ConfigurationFile.load(SampleConfiguration.self, path: path)
        return "read"
      } catch {
        return error.description
      }
    }
    let folder = FileManager.default.temporaryDirectory.path
    #expect(failure("/no/such.yaml") == "/no/such.yaml: No such file or directory")
    #expect(failure(folder) == "\(folder): Is a directory")
    let path = "\(folder)/configuration-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    #expect(failure(path).hasPrefix("\(path): not UTF-8"))
    try Data("\u{FEFF}epochs: 5\r\nname: x\r\n".utf8).write(to: URL(fileURLWithPath: path))
    let value = try ConfigurationFile.load(SampleConfiguration.self, path: path)
    #expect(value.epochs == 5)
    #expect(value.name == "x")
  }
}
