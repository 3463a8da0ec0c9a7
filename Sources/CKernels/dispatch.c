#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "kernels.h"

extern const scribe_kernels scribe_kernels_portable;
#if defined(__x86_64__)
extern const scribe_kernels scribe_kernels_avx2, scribe_kernels_avxvnni, scribe_kernels_avx512,
    scribe_kernels_avx512bf16;
#elif defined(__aarch64__)
extern const scribe_kernels scribe_kernels_neon;
#endif

#if defined(__x86_64__)
/// Leaf 7.1 of CPUID, EAX bit 4, which __builtin_cpu_supports does not know everywhere.
static int has_avxvnni(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
#endif

static int supported(const scribe_kernels *kernels) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (kernels == &scribe_kernels_avx512bf16)
    return avx512 && __builtin_cpu_supports("avx512bf16") &&
           __builtin_cpu_supports("avx512vnni");
  if (kernels == &scribe_kernels_avx512) return avx512;
  if (kernels == &scribe_kernels_avxvnni) return avx2 && has_avxvnni();
  if (kernels == &scribe_kernels_avx2) return avx2;
#endif
  return kernels != 0;
}

// From the best to the one that always works.
static const scribe_kernels *const all[] = {
#if defined(__x86_64__)
    &scribe_kernels_avx512bf16,
    &scribe_kernels_avx512,
    &scribe_kernels_avxvnni,
    &scribe_kernels_avx2,
#elif defined(__aarch64__)
    &scribe_kernels_neon,
#endif
    &scribe_kernels_portable,
};

const scribe_kernels *scribe_kernels_named(const char *name) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0 && supported(all[i])) return all[i];
  return 0;
}

const scribe_kernels *scribe_kernels_best(void) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (supported(all[i])) return all[i];
  return &scribe_kernels_portable;
}
