import CKernels

/// Runs fused multiply-adds in registers on `threads` threads; returns the operations done.
///
/// Timed by the caller, this is the peak rate that kernels are compared with.
package func runMultiplyAdds(rounds: Int, threads: Int) -> Double {
  let kernel = Kernels.active.peak_flops
  WorkerPool.perform(threads) { _ in _ = kernel?(rounds) }
  return Double(threads) * 24 * Double(Kernels.active.packing.lanes) * Double(rounds)
}
