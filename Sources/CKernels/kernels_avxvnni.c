#if defined(__x86_64__)
// The attribute stands after the system headers, which must not be compiled for the set.
#include <immintrin.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)

#define SCRIBE_SET avxvnni
#define SCRIBE_LANES 8
#define SCRIBE_DOT_PRODUCTS 1
#define PANEL_VECTORS 2
#define TILE_ROWS 6
#define MAIN_PANELS 1
#define BLOCK_UNITS 512
#define ROW_BLOCK 120
#define CONV_ROWS 4
#include "templates/kernels.h"

#pragma clang attribute pop
#endif
