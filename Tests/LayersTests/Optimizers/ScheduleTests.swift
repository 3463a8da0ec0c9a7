import Configuration
import Foundation
import Layers
import TestSupport
import Testing

@Suite struct ScheduleTests {
  private func schedule(
    total: Int = 100, _ change: (inout ScheduleConfiguration) -> Void
  ) -> Schedule {
    var configuration = ScheduleConfiguration()
    change(&configuration)
    return Schedule(configuration, learningRate: 0.5, totalSteps: total)
  }

  @Test func constant() {
    let schedule = schedule { $0.kind = .constant }
    #expect(schedule.learningRate(step: 1_000_000, epoch: 1000) == 0.5)
  }

  @Test func exponentialFallsByEpochDownToItsMinimum() {
    let schedule = schedule {
      $0.kind = .exponential
      $0.minimumLearningRate = 0.3
    }
    let rates = (0..<4).map { schedule.learningRate(step: 0, epoch: $0) }
    expectClose(rates, [0.5, 0.495, 0.49005, 0.485_149_5], relative: 1e-6)
    #expect(schedule.learningRate(step: 0, epoch: 1000) == 0.3)
  }

  @Test func warmupThenCosine() {
    let schedule = schedule(total: 110) {
      $0.kind = .warmupCosine
      $0.warmupSteps = 10
      $0.finalFraction = 0.2
    }
    let steps = [0, 4, 9, 10, 35, 60, 85, 110, 500]
    let half = Float(0.5).squareRoot()
    expectClose(
      steps.map { schedule.learningRate(step: $0, epoch: 0) },
      [0.05, 0.25, 0.5, 0.5, 0.1 + 0.2 * (1 + half), 0.3, 0.1 + 0.2 * (1 - half), 0.1, 0.1],
      relative: 1e-6)
    let shorter = self.schedule(total: 110) {
      $0.kind = .warmupCosine
      $0.totalSteps = 50
    }
    expectClose([shorter.learningRate(step: 25, epoch: 0)], [0.25], relative: 1e-6)
    #expect(shorter.learningRate(step: 50, epoch: 0) == 0)
  }

  @Test func plateauWaitsThenReduces() throws {
    let schedule = schedule {
      $0.kind = .plateau
      $0.factor = 0.1
      $0.patience = 2
      $0.minimumLearningRate = 0.01
    }
    var state = PlateauState()
    var rates: [Float] = []
    for value: Float in [5, 4, 4, .nan, 4.5, 3, 3, 3, 3, 3, 3, 3] {
      state.record(value, patience: 2)
      // What is stored is the whole state.
      state = try JSONDecoder().decode(PlateauState.self, from: JSONEncoder().encode(state))
      rates.append(schedule.learningRate(step: 0, epoch: 0, plateau: state))
    }
    let expected: [Float] = [
      0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.01, 0.01, 0.01, 0.01,
    ]
    expectClose(rates, expected, relative: 1e-6)
    #expect(state.best == 3 && state.reductions == 3)
  }

  @Test(arguments: [
    (#"{"kind": "cosine"}"#, "kind"), (#"{"factor": 0}"#, "factor"),
    (#"{"factor": 1.5}"#, "factor"), (#"{"patience": -1}"#, "patience"),
    (#"{"warmupSteps": 5, "totalSteps": 5}"#, "totalSteps"),
    (#"{"finalFraction": 2}"#, "finalFraction"), (#"{"anneal": 0.9}"#, "anneal"),
    (#"{"minimumLearningRate": -1}"#, "minimumLearningRate"),
  ])
  func badConfigurationsAreRefused(_ text: String, _ key: String) {
    #expect { try decoded(ScheduleConfiguration.self, text) } throws: { "\($0)".contains(key) }
  }

  @Test(arguments: [
    (#"{"learningRate": 0}"#, "learningRate"), (#"{"momentum": 1}"#, "momentum"),
    (#"{"beta1": -0.1}"#, "beta1"), (#"{"beta2": 1}"#, "beta2"), (#"{"epsilon": 0}"#, "epsilon"),
    (#"{"weightDecay": -1}"#, "weightDecay"), (#"{"lr": 0.1}"#, "lr"),
    (#"{"momentum": 0, "nesterov": true}"#, "momentum"), (#"{"kind": "lion"}"#, "lion"),
  ])
  func badOptimizersAreRefused(_ text: String, _ key: String) {
    #expect { try decoded(OptimizerConfiguration.self, text) } throws: { "\($0)".contains(key) }
  }

  @Test func configurationsSurviveStorage() throws {
    let text = #"{"kind": "warmupCosine", "warmupSteps": 3, "totalSteps": 9, "finalFraction": 0.5}"#
    let schedule = try decoded(ScheduleConfiguration.self, text)
    #expect(schedule.totalSteps == 9 && schedule.factor == 0.99)
    let again = try JSONDecoder().decode(
      ScheduleConfiguration.self, from: JSONEncoder().encode(schedule))
    #expect(again == schedule)
    let optimizer = try decoded(OptimizerConfiguration.self, #"{"kind": "sgd", "nesterov": true}"#)
    #expect(optimizer.kind == .sgd && optimizer.nesterov && optimizer.momentum == 0.9)
  }

  private func decoded<C: Configuration>(_ type: C.Type, _ text: String) throws -> C {
    let configuration = try JSONDecoder().decode(type, from: Data(text.utf8))
    try configuration.validate()
    return configuration
  }
}
