import Tensors

extension WorkerPool {
  /// The results of `body` for the indices in `0..<count`, in their order, made on several threads.
  static func results<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, initialized in
      let results = results
      perform(count) { index in (results.baseAddress! + index).initialize(to: body(index)) }
      initialized = count
    }
  }
}
