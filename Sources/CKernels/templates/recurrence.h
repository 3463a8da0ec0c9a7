// Recurrent layers for each kind of number, and the choice between them.

#define LOAD_BFLOAT16(pointer) \
  (part_ ? vload_bfloat16_part((pointer) + i, part_) : vload_bfloat16((pointer) + i))
#define STORE_BFLOAT16(pointer, value)                               \
  do {                                                               \
    if (part_) vstore_bfloat16_part((pointer) + i, (value), part_);  \
    else vstore_bfloat16((pointer) + i, (value));                    \
  } while (0)

/// One past the last row that still has a frame at `t`.
INLINE long NAME(active_end)(const scribe_recurrence *job, long t, long first, long last) {
  if (t < 0 || t >= job->time) return first;
  while (last > first && job->lengths[last - 1] <= t) last--;
  return last;
}

INLINE void NAME(clear)(float *p, long count) { memset(p, 0, (size_t)count * sizeof *p); }

/// The order of time of a direction: step -> frame, and the frame that came before it.
INLINE long NAME(frame)(const scribe_recurrence *job, long step) {
  return job->reverse ? job->time - 1 - step : step;
}

INLINE float *NAME(output_at)(const scribe_recurrence *job, long t, long row) {
  return job->output + (t * job->batch + row) * job->output_stride;
}

INLINE vf NAME(activate)(vf x, int activation) {
  if (activation == SCRIBE_TANH) return vtanh(x);
  x = vmax(x, vset(0));
  return activation == SCRIBE_CLIPPED_RELU ? vmin(x, vset(20)) : x;
}

#define KIND float32
#define KEPT float
#define LOAD_KEPT LOAD
#define KEEP STORE
#include "recurrent.h"
#include "recurrent_gradient.h"
#undef KIND
#undef KEPT
#undef LOAD_KEPT
#undef KEEP

#define KIND bfloat16
#define KEPT uint16_t
#define LOAD_KEPT LOAD_BFLOAT16
#define KEEP STORE_BFLOAT16
#include "recurrent.h"
#include "recurrent_gradient.h"
#undef KIND
#undef KEPT
#undef LOAD_KEPT
#undef KEEP

#define KIND int8
#define KEPT float
#define KEEP STORE
#include "recurrent.h"
#undef KIND
#undef KEPT
#undef KEEP

#define FORWARD(kind)                                                                 \
  static void NAME(kind##_forward)(const scribe_recurrence *job, long first, long last) { \
    switch (job->precision) {                                                         \
      case SCRIBE_BFLOAT16: JOIN3(kind##_forward, bfloat16, SCRIBE_SET)(job, first, last); break; \
      case SCRIBE_INT8: JOIN3(kind##_forward, int8, SCRIBE_SET)(job, first, last); break; \
      default: JOIN3(kind##_forward, float32, SCRIBE_SET)(job, first, last);          \
    }                                                                                 \
  }
#define BACKWARD(kind)                                                                \
  static void NAME(kind##_backward)(const scribe_recurrence *job, long first, long last) { \
    if (job->precision == SCRIBE_BFLOAT16)                                            \
      JOIN3(kind##_backward, bfloat16, SCRIBE_SET)(job, first, last);                 \
    else JOIN3(kind##_backward, float32, SCRIBE_SET)(job, first, last);               \
  }
static void NAME(recurrence_start)(const scribe_recurrence *job, const float *h, long first,
                                   long last) {
  switch (job->precision) {
    case SCRIBE_BFLOAT16: JOIN3(recurrence_start, bfloat16, SCRIBE_SET)(job, h, first, last); break;
    case SCRIBE_INT8: JOIN3(recurrence_start, int8, SCRIBE_SET)(job, h, first, last); break;
    default: JOIN3(recurrence_start, float32, SCRIBE_SET)(job, h, first, last);
  }
}
static void NAME(recurrence_start_gradient)(const scribe_recurrence *job, long width, long first,
                                            long last) {
  if (job->precision == SCRIBE_BFLOAT16)
    JOIN3(recurrence_start_gradient, bfloat16, SCRIBE_SET)(job, width, first, last);
  else JOIN3(recurrence_start_gradient, float32, SCRIBE_SET)(job, width, first, last);
}
FORWARD(rnn)
FORWARD(lstm)
FORWARD(gru)
BACKWARD(rnn)
BACKWARD(lstm)
BACKWARD(gru)
#undef FORWARD
#undef BACKWARD
#undef LOAD_BFLOAT16
#undef STORE_BFLOAT16
