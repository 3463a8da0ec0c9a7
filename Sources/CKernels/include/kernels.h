#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of cores that this process may run on.
int scribe_core_count(void);

/// Where the blocks of a packed matrix lie: `panel` columns beside each other, cut along the inner
/// axis every `inner_block` rows. Both differ between instruction sets.
typedef struct {
  long panel;
  long inner_block;
} scribe_packing;

/// One product `C (+)= A · B` over a packed `B`; see gemm.h.
typedef struct {
  long rows, columns, inner;
  const float *a;
  long a_row_stride, a_inner_stride;
  const float *packed;
  float *c;
  long c_row_stride;
  /// Zero overwrites C; anything else adds to it.
  int accumulate;
  /// Added to every row when C is overwritten; may be null.
  const float *bias;
} scribe_gemm;

/// A table that never changes after the program starts, so threads may share it.
#define SCRIBE_IMMUTABLE __attribute__((swift_attr("@Sendable")))

/// The kernels of one instruction set. All sets compute the same formulas in the same order.
typedef struct SCRIBE_IMMUTABLE {
  const char *name;
  scribe_packing packing;
  /// Packs `inner` x `columns` elements b[k * inner_stride + n * column_stride].
  void (*pack)(const float *b, long inner, long columns, long inner_stride, long column_stride,
               float *packed, long first_panel, long last_panel);
  /// Computes the columns of panels first_panel ..< last_panel for rows first_row ..< last_row.
  void (*gemm)(const scribe_gemm *, long first_row, long last_row, long first_panel,
               long last_panel);
#define SCRIBE_KERNEL(result, name, ...) result (*name)(__VA_ARGS__);
#include "../templates/kernel_list.h"
#undef SCRIBE_KERNEL
} scribe_kernels;

/// The kernels of the instruction set called `name`, or null if this machine lacks it.
const scribe_kernels *scribe_kernels_named(const char *name);
/// The best set of this machine.
const scribe_kernels *scribe_kernels_best(void);
