import Autograd
import Tensors

/// A part of a network: a value made of parameters and further modules.
public protocol Module: Sendable {
  /// Shows every parameter to the visitor, in a fixed order, under a fixed name.
  ///
  /// The names, joined by dots, are the names of the tensors in a model file.
  mutating func visit(_ visitor: inout ParameterVisitor)
}

/// Walks over the parameters of a model and may change them.
///
/// Parameters are visited, not reflected: order, type and path are what `visit(_:)` says.
public struct ParameterVisitor {
  private var path: [String] = []
  private let body: (_ path: String, _ parameter: inout Parameter) -> Void

  /// A visitor that calls `body` for every parameter.
  public init(_ body: @escaping (_ path: String, _ parameter: inout Parameter) -> Void) {
    self.body = body
  }

  /// Shows one parameter.
  public mutating func parameter(_ name: String, _ parameter: inout Parameter) {
    body((path + [name]).joined(separator: "."), &parameter)
  }

  /// Shows an optional parameter if it is there.
  public mutating func parameter(_ name: String, _ parameter: inout Parameter?) {
    guard var present = parameter else { return }
    parameter = nil
    self.parameter(name, &present)
    parameter = present
  }

  /// Descends into a part.
  public mutating func module<Part: Module>(_ name: String, _ part: inout Part) {
    path.append(name)
    part.visit(&self)
    path.removeLast()
  }

  /// Descends into an optional part.
  public mutating func module<Part: Module>(_ name: String, _ part: inout Part?) {
    guard var present = part else { return }
    part = nil
    module(name, &present)
    part = present
  }

  /// Descends into a list of parts; their names are their indices.
  public mutating func modules<Part: Module>(_ name: String, _ parts: inout [Part]) {
    path.append(name)
    for index in parts.indices { module(String(index), &parts[index]) }
    path.removeLast()
  }
}

extension Module {
  /// Calls `body` for every parameter, in order; changes are kept.
  public mutating func visitParameters(
    _ body: (_ path: String, _ parameter: inout Parameter) -> Void
  ) {
    withoutActuallyEscaping(body) {
      var visitor = ParameterVisitor($0)
      visit(&visitor)
    }
  }

  /// Sets the kind of number that products with the weights multiply.
  ///
  /// What has fewer than two axes, such as a bias, takes part in no product.
  public mutating func setPrecision(_ precision: Precision) {
    visitParameters { _, parameter in
      if parameter.isTrainable, parameter.shape.rank >= 2 { parameter.precision = precision }
    }
  }

  /// All parameters with their paths, in order.
  public var namedParameters: [(path: String, parameter: Parameter)] {
    var copy = self
    var list: [(path: String, parameter: Parameter)] = []
    copy.visitParameters { path, parameter in list.append((path, parameter)) }
    return list
  }

  /// The number of trained values.
  public var parameterCount: Int {
    namedParameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.value.count : 0) }
  }
}
