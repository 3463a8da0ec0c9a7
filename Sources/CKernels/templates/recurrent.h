// Recurrent layers over sequences, the way forth, for one kind of number.
//
// The input products are made beforehand for many time steps in one go; what remains for each step
// is h · Uᵀ and the gates. A call takes some rows of the batch through some time steps. Rows of a
// batch never meet inside a recurrence, so calls for different rows run beside each other without
// a barrier, and their partition does not change a bit of the result.
//
// Rows end at their own length: beyond it the output and what is kept are zero. In the reverse
// direction a row starts at its own last frame, because its state is zero until then.
//
// KIND is that of the recurrent weights. h is kept beside its place in the output as the product
// reads it, rounded to KIND. KEPT is the type of what the way back needs.

/// Where what is kept of frame t and a row lies, `stride` elements for each row.
INLINE KEPT *KNAME(kept)(void *base, const scribe_recurrence *job, long t, long row, long stride) {
  return base ? (KEPT *)base + (t * job->batch + row) * stride : 0;
}

INLINE void KNAME(clear_kept)(KEPT *p, long count) {
  if (p) memset(p, 0, (size_t)count * sizeof *p);
}

/// states · U into the sums, for the rows up to `end`.
INLINE void KNAME(step_product)(const scribe_recurrence *job, long inner, long columns, long first,
                                long end) {
  scribe_gemm product = {0};
  product.precision = job->precision;
  product.inner = inner;
  product.columns = columns;
  product.packed = job->packed;
  product.c = job->sums + first * job->sums_stride;
  product.c_row_stride = job->sums_stride;
  product.column_scales = job->column_scales;
  product.column_offsets = job->column_offsets;
  KNAME(multiply_units)
  (&product, job->states + first * job->states_stride, job->states_stride,
   job->state_scales ? job->state_scales + first : 0, end - first);
}

/// Rounds h of a row for the next product.
INLINE void KNAME(keep_state)(const scribe_recurrence *job, long row, const float *h) {
  uint32_t *state = job->states + row * job->states_stride;
  const long H = job->hidden;
  if (job->precision == SCRIBE_FLOAT32) memcpy(state, h, (size_t)H * sizeof *h);
  else if (job->precision == SCRIBE_BFLOAT16)
    NAME(narrow_line)(h, SCRIBE_FLOAT32, 0, H, (uint16_t *)state);
  else job->state_scales[row] = NAME(quantize_row)(h, H, state);
}

/// The sums of a step: those of the recurrent product, or zero where nothing came before.
INLINE void KNAME(begin_step)(const scribe_recurrence *job, long step, long gates, long first,
                              long end) {
  const long H = job->hidden;
  if (step > 0 || job->resumes) {
    KNAME(step_product)(job, H, gates * H, first, end);
    return;
  }
  for (long row = first; row < end; row++)
    NAME(clear)(job->sums + row * job->sums_stride, gates * H);
}

INLINE const float *KNAME(input_at)(const scribe_recurrence *job, long t, long row, long width) {
  return job->input
         + ((t - job->input_frame) * job->input_rows + row - job->input_row) * width;
}

/// States from before the first step: zero, unless they are there already.
INLINE void KNAME(begin)(const scribe_recurrence *job, long first, long last) {
  if (job->first_step > 0 || job->resumes) return;
  for (long row = first; row < last; row++) {
    NAME(clear)((float *)job->states + row * job->states_stride, job->states_stride);
    if (job->state_scales) job->state_scales[row] = 0;
    if (job->carried) NAME(clear)(job->carried + row * job->hidden, job->hidden);
  }
}

/// Enters states from before the first step, of which only h is read by products.
static void KNAME(recurrence_start)(const scribe_recurrence *job, const float *h, long first,
                                    long last) {
  for (long row = first; row < last; row++) {
    memcpy(job->carried + row * job->hidden, job->initial + row * job->hidden,
           (size_t)job->hidden * sizeof *h);
    KNAME(keep_state)(job, row, h + row * job->hidden);
  }
}

// Plain recurrence: h_t = f(z_t + U h_{t-1}).

static void KNAME(rnn_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  KNAME(begin)(job, first, last);
  for (long step = job->first_step; step < job->last_step; step++) {
    const long t = NAME(frame)(job, step);
    KNAME(begin_step)(job, step, 1, first, NAME(active_end)(job, t, first, last));
    for (long row = first; row < last; row++) {
      float *h = NAME(output_at)(job, t, row);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        continue;
      }
      const float *z = KNAME(input_at)(job, t, row, H);
      const float *s = job->sums + row * job->sums_stride;
      ROW(H, STORE(h, NAME(activate)(LOAD(z) + LOAD(s), job->activation)););
      KNAME(keep_state)(job, row, h);
    }
  }
}

// LSTM with forget gate (Gers et al. 2000) and optional peepholes (Gers et al. 2002):
// i, f = σ(z + U h + p c_{t-1}), g = tanh(z + U h), c = f c_{t-1} + i g,
// o = σ(z + U h + p c), h = o tanh c. Gates lie as input, forget, cell, output.

static void KNAME(lstm_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  const float *p = job->peepholes;
  KNAME(begin)(job, first, last);
  for (long step = job->first_step; step < job->last_step; step++) {
    const long t = NAME(frame)(job, step);
    KNAME(begin_step)(job, step, 4, first, NAME(active_end)(job, t, first, last));
    for (long row = first; row < last; row++) {
      float *h = NAME(output_at)(job, t, row);
      KEPT *gates = KNAME(kept)(job->gates, job, t, row, 4 * H);
      KEPT *cells = KNAME(kept)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        KNAME(clear_kept)(cells, H);
        continue;
      }
      const float *z = KNAME(input_at)(job, t, row, 4 * H);
      const float *s = job->sums + row * job->sums_stride;
      float *c = job->carried + row * H;
      ROW(H, {
        vf was = LOAD(c);
        vf zi = LOAD(z) + LOAD(s);
        vf zf = LOAD(z + H) + LOAD(s + H);
        vf zo = LOAD(z + 3 * H) + LOAD(s + 3 * H);
        if (p) {
          zi += LOAD(p) * was;
          zf += LOAD(p + H) * was;
        }
        vf in = vsigmoid(zi);
        vf forget = vsigmoid(zf);
        vf cell = vtanh(LOAD(z + 2 * H) + LOAD(s + 2 * H));
        vf now = forget * was + in * cell;
        if (p) zo += LOAD(p + 2 * H) * now;
        vf out = vsigmoid(zo);
        STORE(c, now);
        STORE(h, out * vtanh(now));
        if (gates) {
          KEEP(gates, in);
          KEEP(gates + H, forget);
          KEEP(gates + 2 * H, cell);
          KEEP(gates + 3 * H, out);
          KEEP(cells, now);
        }
      });
      KNAME(keep_state)(job, row, h);
    }
  }
}

// GRU with the reset gate applied to the recurrent product, which then is one product for all
// gates (Chung et al. 2014 in the form of cuDNN): r, u = σ(z + U h), q = U_n h + b_n,
// n = tanh(z + r q), h = n + u (h_{t-1} - n). Gates lie as reset, update, candidate.

static void KNAME(gru_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  KNAME(begin)(job, first, last);
  for (long step = job->first_step; step < job->last_step; step++) {
    const long t = NAME(frame)(job, step);
    KNAME(begin_step)(job, step, 3, first, NAME(active_end)(job, t, first, last));
    for (long row = first; row < last; row++) {
      float *h = NAME(output_at)(job, t, row);
      KEPT *gates = KNAME(kept)(job->gates, job, t, row, 3 * H);
      KEPT *products = KNAME(kept)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        KNAME(clear_kept)(products, H);
        continue;
      }
      const float *z = KNAME(input_at)(job, t, row, 3 * H);
      const float *s = job->sums + row * job->sums_stride;
      float *state = job->carried + row * H;
      ROW(H, {
        vf was = LOAD(state);
        vf reset = vsigmoid(LOAD(z) + LOAD(s));
        vf update = vsigmoid(LOAD(z + H) + LOAD(s + H));
        vf product = LOAD(s + 2 * H) + LOAD(job->candidate_bias);
        vf candidate = vtanh(LOAD(z + 2 * H) + reset * product);
        vf now = candidate + update * (was - candidate);
        STORE(h, now);
        STORE(state, now);
        if (gates) {
          KEEP(gates, reset);
          KEEP(gates + H, update);
          KEEP(gates + 2 * H, candidate);
          KEEP(products, product);
        }
      });
      KNAME(keep_state)(job, row, h);
    }
  }
}
