/* Preloaded into PyTorch, this answers the question by which Intel's Math Kernel Library decides
   whether a processor may run its AVX-512 kernels; on others it stops at AVX2. */
int mkl_serv_intel_cpu_true(void) { return 1; }
