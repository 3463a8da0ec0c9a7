#if defined(__x86_64__)
// The attribute stands after the system headers, which must not be compiled for the set.
#include <immintrin.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/kernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,avx2,avx512bf16,avx512vnni"))), apply_to = function)

#define SCRIBE_SET avx512bf16
#define SCRIBE_LANES 16
#define SCRIBE_DOT_PRODUCTS 1
#define PANEL_VECTORS 2
#define TILE_ROWS 12
#define MAIN_PANELS 2
#define BLOCK_UNITS 1024
#define ROW_BLOCK 120
#define CONV_ROWS 8
#include "templates/kernels.h"

#pragma clang attribute pop
#endif
