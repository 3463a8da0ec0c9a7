// All kernels for one instruction set. The including file defines
//   SCRIBE_SET      the suffix of the set's names
//   SCRIBE_LANES    floats in a vector register
//   PANEL_VECTORS   registers beside each other in a panel
//   TILE_ROWS       rows of the register tile
//   WIDE_ROWS       up to so many rows, a tile spans two panels to have enough chains in flight
//   INNER_BLOCK     inner steps of a block
//   CONV_ROWS       rows of the register tile of a convolution, which is three vectors wide

#include <math.h>
#include <string.h>

#include "../include/kernels.h"

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define NAME(name) JOIN(name, SCRIBE_SET)
#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)

#include "vector.h"
#include "gemm.h"
#include "elementwise.h"
#include "reduce.h"
#include "recurrent.h"
#include "peak.h"
#include "softmax.h"
#include "ctc.h"
#include "optimizer.h"
#include "activation.h"
#include "normalization.h"
#include "convolution.h"
#include "planes.h"
#include "images.h"

const scribe_kernels JOIN(scribe_kernels, SCRIBE_SET) = {
    .name = TEXT(SCRIBE_SET),
    .packing = {PANEL, INNER_BLOCK, LANES, CONV_ROWS},
    .pack = NAME(pack),
    .gemm = NAME(gemm),
#define SCRIBE_KERNEL(result, name, ...) .name = NAME(name),
#include "kernel_list.h"
#undef SCRIBE_KERNEL
};
