#include <string.h>

#include "kernels.h"

extern const scribe_kernels scribe_kernels_portable;
#if defined(__x86_64__)
extern const scribe_kernels scribe_kernels_avx2, scribe_kernels_avx512;
#elif defined(__aarch64__)
extern const scribe_kernels scribe_kernels_neon;
#endif

static int supported(const scribe_kernels *kernels) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (kernels == &scribe_kernels_avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (kernels == &scribe_kernels_avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return kernels != 0;
}

// From the best to the one that always works.
static const scribe_kernels *const all[] = {
#if defined(__x86_64__)
    &scribe_kernels_avx512,
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
