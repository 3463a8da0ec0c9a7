import Autograd
import Tensors
import TestSupport
import Testing

/// y = factor · x, which notes in `log` when its pullback runs.
private func scaled(
  _ x: Variable, by factor: Float, on tape: Tape, name: String = "", log: Log? = nil
) -> Variable {
  var y = x.tensor
  y.scale(by: factor)
  return tape.record(y, from: [x]) { gradient, _ in
    log?.names.append(name)
    var dx = gradient
    dx.scale(by: factor)
    return [x.needsGradient ? dx : nil]
  }
}

private func product(_ a: Variable, _ b: Variable, on tape: Tape) -> Variable {
  let y = Tensor(zip(a.tensor.scalars, b.tensor.scalars).map { $0 * $1 }, shape: a.shape)
  return tape.record(y, from: [a, b]) { gradient, _ in
    func times(_ other: Tensor) -> Tensor {
      Tensor(zip(gradient.scalars, other.scalars).map { $0 * $1 }, shape: gradient.shape)
    }
    return [
      a.needsGradient ? times(b.tensor) : nil, b.needsGradient ? times(a.tensor) : nil,
    ]
  }
}

private final class Log {
  var names: [String] = []
}

/// Something of which a test sees whether it is still held.
private final class Token {}

@Suite struct TapeTests {
  let x = Tensor([1, -2, 3])

  @Test func pullbacksRunFromLastToFirstAndOnlyThoseOnTheWay() {
    let (tape, log) = (Tape(), Log())
    let input = tape.watch(x)
    let a = scaled(input, by: 2, on: tape, name: "a", log: log)
    _ = scaled(a, by: 7, on: tape, name: "dead end", log: log)
    let b = scaled(a, by: 3, on: tape, name: "b", log: log)
    _ = scaled(b, by: 5, on: tape, name: "after", log: log)
    let result = tape.gradients(of: b, seed: Tensor([1, 10, 100]), withRespectTo: [input])
    #expect(log.names == ["b", "a"])
    #expect(result.variables == [Tensor([6, 60, 600])])
  }

  @Test func gradientsOfAVariableUsedTwiceAreAdded() {
    let tape = Tape()
    let input = tape.watch(x)
    let square = product(input, input, on: tape)  // both inputs of one node
    let y = product(square, scaled(input, by: 4, on: tape), on: tape)  // and along two ways
    let result = tape.gradients(of: y, seed: Tensor([1, 1, 1]), withRespectTo: [input])
    // d(4x³) = 12x²
    #expect(result.variables == [Tensor([12, 48, 108])])
  }

  @Test func addingUpLeavesTheSeedAndSharedGradientsAlone() {
    let tape = Tape()
    let input = tape.watch(x)
    // A pullback that hands the same tensor to both inputs, of which one gets another share.
    let other = scaled(input, by: 1, on: tape)
    let sum = tape.record(x, from: [input, other]) { gradient, _ in [gradient, gradient] }
    let seed = Tensor([1, 2, 3])
    let result = tape.gradients(of: sum, seed: seed, withRespectTo: [input, other])
    #expect(seed == Tensor([1, 2, 3]))
    #expect(result.variables == [Tensor([2, 4, 6]), Tensor([1, 2, 3])])
  }

  @Test func constantsGetNoGradientAndAreNotAskedFor() {
    let tape = Tape()
    let constant = Variable(x)
    let input = tape.watch(x)
    #expect(!constant.needsGradient && input.needsGradient)
    let y = product(input, constant, on: tape)
    let result = tape.gradients(
      of: y, seed: Tensor([1, 1, 1]), withRespectTo: [input, constant])
    #expect(result.variables[0] == x)
    #expect(result.variables[1] == nil)
  }

  @Test func anOutputThatDependsOnNothingHasNoGradients() {
    let tape = Tape()
    let input = tape.watch(x)
    let result = tape.gradients(
      of: Variable(Tensor(scalar: 3)), withRespectTo: [input])
    #expect(result.variables == [nil])
    #expect(result.parameters[Parameter(x)] == nil)
  }

  @Test func aWatchedVariableThatTookNoPartHasNone() {
    let tape = Tape()
    let (input, idle) = (tape.watch(x), tape.watch(x))
    let y = scaled(input, by: 2, on: tape)
    let result = tape.gradients(of: y, seed: x, withRespectTo: [idle, input])
    #expect(result.variables == [nil, Tensor([2, -4, 6])])
  }

  @Test func intermediatesAndTheOutputItselfMayBeAskedFor() {
    let tape = Tape()
    let input = tape.watch(x)
    let middle = scaled(input, by: 2, on: tape)
    let y = scaled(middle, by: 5, on: tape)
    let seed = Tensor([1, 2, 3])
    let result = tape.gradients(of: y, seed: seed, withRespectTo: [y, middle, input])
    #expect(result.variables == [seed, Tensor([5, 10, 15]), Tensor([10, 20, 30])])
  }

  @Test func aScalarIsSeededWithOneAndOthersNeedASeed() async {
    let tape = Tape()
    let input = tape.watch(Tensor(scalar: 3))
    let y = scaled(input, by: 4, on: tape)
    #expect(tape.gradients(of: y, withRespectTo: [input]).variables == [Tensor(scalar: 4)])
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.gradients(of: tape.watch(Tensor([1, 2])))
    }
  }

  @Test func whatNodesHoldIsFreedAsTheTapeIsWalked() {
    let tape = Tape()
    let input = tape.watch(x)
    weak var early: Token?
    weak var late: Token?
    weak var unused: Token?
    final class Seen { var lateWasFreed: Bool? }
    let seen = Seen()
    func node(_ x: Variable, _ token: Token, _ body: @escaping () -> Void) -> Variable {
      tape.record(x.tensor, from: [x]) { gradient, _ in
        withExtendedLifetime(token) { body() }
        return [gradient]
      }
    }
    // A function of its own, so that no variable of this one holds the tokens, not even in debug.
    func record() -> Variable {
      let tokens = [Token(), Token(), Token()]
      (early, late, unused) = (tokens[0], tokens[1], tokens[2])
      let a = node(input, tokens[0]) { [weak late] in seen.lateWasFreed = late == nil }
      let b = node(a, tokens[1]) {}
      _ = node(a, tokens[2]) {}
      return b
    }
    let output = record()
    #expect(tape.gradients(of: output, seed: x, withRespectTo: [input]).variables == [x])
    #expect(seen.lateWasFreed == true, "a node is freed before those below it run")
    #expect(early == nil && late == nil)
    // A node beyond the output is held until the tape goes.
    #expect(unused != nil)
    withExtendedLifetime(tape) {}
  }

  @Test func savedValuesAreTakenOnce() async {
    let saved = Saved(Tensor([1]))
    #expect(saved.take() == Tensor([1]))
    await #expect(processExitsWith: .failure) {
      let saved = Saved(1)
      _ = saved.take()
      _ = saved.take()
    }
  }

  @Test func updatesAreKeptForStatisticsAndRefusedForWeights() async {
    let tape = Tape()
    let statistic = Parameter(x, isTrainable: false)
    tape.update(statistic, to: Tensor([0, 0, 0]))
    tape.update(statistic, to: Tensor([4, 5, 6]))
    #expect(tape.updates == [statistic.identity: Tensor([4, 5, 6])], "the last one counts")
    #expect(statistic.value == x, "nothing changes before the trainer says so")
    await #expect(processExitsWith: .failure) {
      Tape().update(Parameter(Tensor([1])), to: Tensor([2]))
    }
  }

  @Test func randomDecisionsBelongToTheTape() {
    func draw(_ seed: UInt64) -> [UInt64] {
      let tape = Tape(random: RandomSource(seed: seed))
      return (0..<3).map { _ in tape.random.next() }
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
    #expect(Set(draw(1)).count == 3)
  }
}
