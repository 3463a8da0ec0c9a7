// All kernels for one instruction set. The including file defines
//   SCRIBE_SET      the suffix of the set's names
//   SCRIBE_LANES    floats in a vector register
//   PANEL_VECTORS   registers beside each other in a panel
//   TILE_ROWS       rows of a register tile of one panel; half as many span two, a quarter four
//   MAIN_PANELS     panels of the tile for many rows
//   BLOCK_UNITS     units of 32 bits along the inner axis in a block
//   ROW_BLOCK       rows of the left operand that are taken through a block at a time
//   CONV_ROWS       rows of the register tile of a convolution, which is three vectors wide

#include <limits.h>
#include <math.h>
#include <string.h>

#include "../include/kernels.h"

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define JOIN4(a, b, c) a##_##b##_##c
#define JOIN3(a, b, c) JOIN4(a, b, c)
#define NAME(name) JOIN(name, SCRIBE_SET)
// Of one kind of number: KIND is float32, bfloat16 or int8.
#define KNAME(name) JOIN3(name, KIND, SCRIBE_SET)
#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)

#include "vector.h"
#include "rows.h"
#include "transpose.h"
#include "pack.h"
#include "operand.h"
#include "products.h"
#include "elementwise.h"
#include "reduce.h"
#include "recurrence.h"
#include "peak.h"
#include "softmax.h"
#include "attention.h"
#include "ctc.h"
#include "optimizer.h"
#include "activation.h"
#include "normalization.h"
#include "convolution.h"
#include "planes.h"
#include "images.h"

const scribe_kernels JOIN(scribe_kernels, SCRIBE_SET) = {
    .name = TEXT(SCRIBE_SET),
    .packing = {PANEL, LANES, CONV_ROWS},
    .pack = NAME(pack),
    .gemm_scratch = NAME(gemm_scratch),
    .gemm = NAME(gemm),
#define SCRIBE_KERNEL(result, name, ...) .name = NAME(name),
#include "kernel_list.h"
#undef SCRIBE_KERNEL
};
