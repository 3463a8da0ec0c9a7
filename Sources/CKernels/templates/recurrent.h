// Recurrent layers over whole sequences.
//
// The input products of all time steps are made beforehand in one go; what remains for each step is
// h · Uᵀ and the gates. A call takes some rows of the batch through all time steps. Rows of a batch
// never meet inside a recurrence, so calls for different rows run beside each other without a
// barrier, and their partition does not change a bit of the result.
//
// Rows end at their own length: beyond it the output, the cell state and the gradients are zero. In
// the reverse direction a row starts at its own last frame, because what precedes it is zero.

/// Runs `expression` for every vector of one row; `i` is the offset, the last vector overlaps into
/// a partial one through LOAD and STORE.
#define ROW(hidden, body)                                   \
  do {                                                      \
    long i = 0;                                             \
    for (; i + LANES <= (hidden); i += LANES) {             \
      const long part_ = 0;                                 \
      (void)part_;                                          \
      body                                                  \
    }                                                       \
    if (i < (hidden)) {                                     \
      const long part_ = (hidden) - i;                      \
      body                                                  \
    }                                                       \
  } while (0)
#define LOAD(pointer) (part_ ? vload_part((pointer) + i, part_) : vload((pointer) + i))
#define STORE(pointer, value)                               \
  do {                                                      \
    if (part_) vstore_part((pointer) + i, (value), part_);  \
    else vstore((pointer) + i, (value));                    \
  } while (0)

/// One past the last row that still has a frame at `t`.
INLINE long NAME(active_end)(const scribe_recurrence *job, long t, long first, long last) {
  if (t < 0 || t >= job->time) return first;
  while (last > first && job->lengths[last - 1] <= t) last--;
  return last;
}

INLINE float *NAME(at)(float *base, const scribe_recurrence *job, long t, long row, long stride) {
  return base + (t * job->batch + row) * stride;
}

/// C (+)= A · packed for `rows` rows that lie beside each other.
INLINE void NAME(step_product)(const float *a, long a_stride, long inner, const float *packed,
                               float *c, long c_stride, long columns, long rows, int accumulate) {
  if (rows <= 0) return;
  scribe_gemm product = {rows, columns, inner, a, a_stride, 1, packed, c, c_stride, accumulate, 0};
  NAME(gemm)(&product, 0, rows, 0, (columns + PANEL - 1) / PANEL);
}

INLINE void NAME(clear)(float *p, long count) { memset(p, 0, (size_t)count * sizeof *p); }

/// The order of time of a direction: step -> frame, and the frame that came before it.
INLINE long NAME(frame)(const scribe_recurrence *job, long step) {
  return job->reverse ? job->time - 1 - step : step;
}

/// dh = dY_t + dGates_next · U, into the first H floats of each row's scratch.
/// `dgates` are the rows at `next` that belong to the recurrent product.
INLINE void NAME(carry_back)(const scribe_recurrence *job, long t, long next, long first, long end,
                             long last, const float *dgates, long dgates_stride, long width,
                             long scratch_stride) {
  const long H = job->hidden;
  long carried = NAME(active_end)(job, next, first, last);
  if (carried > end) carried = end;
  NAME(step_product)
  (dgates, dgates_stride, width, job->packed_backward, job->scratch + first * scratch_stride,
   scratch_stride, H, carried - first, 0);
  for (long row = first; row < end; row++) {
    float *dh = job->scratch + row * scratch_stride;
    const float *dy =
        job->output_gradient + (t * job->batch + row) * job->output_gradient_stride;
    const int first_visit = row >= carried || job->lengths[row] <= next;
    if (first_visit) memcpy(dh, dy, (size_t)H * sizeof *dh);
    else ROW(H, STORE(dh, LOAD(dh) + LOAD(dy)););
  }
}

// Plain recurrence: h_t = f(z_t + U h_{t-1}).

INLINE vf NAME(activate)(vf x, int activation) {
  if (activation == SCRIBE_TANH) return vtanh(x);
  x = vmax(x, vset(0));
  return activation == SCRIBE_CLIPPED_RELU ? vmin(x, vset(20)) : x;
}

static void NAME(rnn_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  for (long step = 0; step < job->time; step++) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long end = NAME(active_end)(job, t, first, last);
    if (step > 0)
      NAME(step_product)
    (NAME(at)(job->output, job, before, first, job->output_stride), job->output_stride, H,
     job->packed_forward, NAME(at)(job->gates, job, t, first, H), H, H, end - first, 1);
    for (long row = first; row < last; row++) {
      float *h = NAME(at)(job->output, job, t, row, job->output_stride);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        continue;
      }
      const float *z = NAME(at)(job->gates, job, t, row, H);
      ROW(H, STORE(h, NAME(activate)(LOAD(z), job->activation)););
    }
  }
}

static void NAME(rnn_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden, stride = 3 * H;
  for (long step = job->time - 1; step >= 0; step--) {
    const long t = NAME(frame)(job, step), next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    NAME(carry_back)
    (job, t, next, first, end, last, NAME(at)(job->gates, job, next, first, H), H, H, stride);
    for (long row = first; row < last; row++) {
      float *dz = NAME(at)(job->gates, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(dz, H);
        continue;
      }
      const float *dh = job->scratch + row * stride;
      const float *h = NAME(at)(job->output, job, t, row, job->output_stride);
      if (job->activation == SCRIBE_TANH) {
        ROW(H, vf y = LOAD(h); STORE(dz, LOAD(dh) * (1.0f - y * y)););
      } else {
        const float ceiling = job->activation == SCRIBE_CLIPPED_RELU ? 20.0f : INFINITY;
        ROW(H, vf y = LOAD(h);
            STORE(dz, vselect((y > 0.0f) & (y < ceiling), LOAD(dh), vset(0))););
      }
    }
  }
}

// LSTM with forget gate (Gers et al. 2000) and optional peepholes (Gers et al. 2002):
// i, f = σ(z + U h + p c_{t-1}), g = tanh(z + U h), c = f c_{t-1} + i g,
// o = σ(z + U h + p c), h = o tanh c. Gates lie as input, forget, cell, output.

static void NAME(lstm_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  for (long step = 0; step < job->time; step++) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long end = NAME(active_end)(job, t, first, last);
    if (step > 0)
      NAME(step_product)
    (NAME(at)(job->output, job, before, first, job->output_stride), job->output_stride, H,
     job->packed_forward, NAME(at)(job->gates, job, t, first, 4 * H), 4 * H, 4 * H, end - first, 1);
    for (long row = first; row < last; row++) {
      float *h = NAME(at)(job->output, job, t, row, job->output_stride);
      float *c = NAME(at)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        NAME(clear)(c, H);
        continue;
      }
      float *z = NAME(at)(job->gates, job, t, row, 4 * H);
      const float *old = step > 0 ? NAME(at)(job->cells, job, before, row, H) : 0;
      const float *p = job->peepholes;
      ROW(H, {
        vf was = old ? LOAD(old) : vset(0);
        vf zi = LOAD(z);
        vf zf = LOAD(z + H);
        vf zo = LOAD(z + 3 * H);
        if (p) {
          zi += LOAD(p) * was;
          zf += LOAD(p + H) * was;
        }
        vf in = vsigmoid(zi);
        vf forget = vsigmoid(zf);
        vf cell = vtanh(LOAD(z + 2 * H));
        vf now = forget * was + in * cell;
        if (p) zo += LOAD(p + 2 * H) * now;
        vf out = vsigmoid(zo);
        STORE(z, in);
        STORE(z + H, forget);
        STORE(z + 2 * H, cell);
        STORE(z + 3 * H, out);
        STORE(c, now);
        STORE(h, out * vtanh(now));
      });
    }
  }
}

static void NAME(lstm_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden, stride = 6 * H;
  for (long row = first; row < last; row++) NAME(clear)(job->scratch + row * stride + H, H);
  for (long step = job->time - 1; step >= 0; step--) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    NAME(carry_back)
    (job, t, next, first, end, last, NAME(at)(job->gates, job, next, first, 4 * H), 4 * H, 4 * H,
     stride);
    for (long row = first; row < last; row++) {
      float *z = NAME(at)(job->gates, job, t, row, 4 * H);
      if (job->lengths[row] <= t) {
        NAME(clear)(z, 4 * H);
        continue;
      }
      const float *dh = job->scratch + row * stride;
      float *dc = job->scratch + row * stride + H;
      const float *c = NAME(at)(job->cells, job, t, row, H);
      const float *old = step > 0 ? NAME(at)(job->cells, job, before, row, H) : 0;
      const float *p = job->peepholes;
      ROW(H, {
        vf in = LOAD(z);
        vf forget = LOAD(z + H);
        vf cell = LOAD(z + 2 * H);
        vf out = LOAD(z + 3 * H);
        vf was = old ? LOAD(old) : vset(0);
        vf squashed = vtanh(LOAD(c));
        vf d = LOAD(dh);
        vf dout = d * squashed * out * (1.0f - out);
        vf dcell = LOAD(dc) + d * out * (1.0f - squashed * squashed);
        if (p) dcell += dout * LOAD(p + 2 * H);
        vf din = dcell * cell * in * (1.0f - in);
        vf dforget = dcell * was * forget * (1.0f - forget);
        vf carry = dcell * forget;
        if (p) carry += din * LOAD(p) + dforget * LOAD(p + H);
        STORE(z, din);
        STORE(z + H, dforget);
        STORE(z + 2 * H, dcell * in * (1.0f - cell * cell));
        STORE(z + 3 * H, dout);
        STORE(dc, carry);
      });
    }
  }
}

// GRU with the reset gate applied to the recurrent product, which then is one product for all
// gates (Chung et al. 2014 in the form of cuDNN): r, u = σ(z + U h), q = U_n h + b_n,
// n = tanh(z + r q), h = n + u (h_{t-1} - n). Gates lie as reset, update, candidate.

static void NAME(gru_forward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden, stride = 5 * H;
  for (long step = 0; step < job->time; step++) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long end = NAME(active_end)(job, t, first, last);
    if (step > 0)
      NAME(step_product)
    (NAME(at)(job->output, job, before, first, job->output_stride), job->output_stride, H,
     job->packed_forward, job->scratch + first * stride, stride, 3 * H, end - first, 0);
    for (long row = first; row < last; row++) {
      float *h = NAME(at)(job->output, job, t, row, job->output_stride);
      float *q = NAME(at)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(h, H);
        NAME(clear)(q, H);
        continue;
      }
      float *z = NAME(at)(job->gates, job, t, row, 3 * H);
      float *s = job->scratch + row * stride;
      if (step == 0) NAME(clear)(s, 3 * H);
      const float *old =
          step > 0 ? NAME(at)(job->output, job, before, row, job->output_stride) : 0;
      ROW(H, {
        vf was = old ? LOAD(old) : vset(0);
        vf reset = vsigmoid(LOAD(z) + LOAD(s));
        vf update = vsigmoid(LOAD(z + H) + LOAD(s + H));
        vf product = LOAD(s + 2 * H) + LOAD(job->candidate_bias);
        vf candidate = vtanh(LOAD(z + 2 * H) + reset * product);
        STORE(z, reset);
        STORE(z + H, update);
        STORE(z + 2 * H, candidate);
        STORE(q, product);
        STORE(h, candidate + update * (was - candidate));
      });
    }
  }
}

static void NAME(gru_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden, stride = 5 * H;
  // Scratch of a row: dh, the share of dh that bypasses the gates, and (dr, du, dq).
  for (long row = first; row < last; row++) NAME(clear)(job->scratch + row * stride, stride);
  for (long step = job->time - 1; step >= 0; step--) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    NAME(carry_back)
    (job, t, next, first, end, last, job->scratch + first * stride + 2 * H, stride, 3 * H, stride);
    for (long row = first; row < last; row++) {
      float *z = NAME(at)(job->gates, job, t, row, 3 * H);
      float *q = NAME(at)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        NAME(clear)(z, 3 * H);
        NAME(clear)(q, H);
        continue;
      }
      float *dh = job->scratch + row * stride;
      float *past = dh + H;
      float *d = dh + 2 * H;
      const float *old =
          step > 0 ? NAME(at)(job->output, job, before, row, job->output_stride) : 0;
      ROW(H, {
        vf was = old ? LOAD(old) : vset(0);
        vf reset = LOAD(z);
        vf update = LOAD(z + H);
        vf candidate = LOAD(z + 2 * H);
        vf product = LOAD(q);
        vf total = LOAD(dh) + LOAD(past);
        vf dupdate = total * (was - candidate) * update * (1.0f - update);
        vf dcandidate = total * (1.0f - update) * (1.0f - candidate * candidate);
        vf dreset = dcandidate * product * reset * (1.0f - reset);
        vf dproduct = dcandidate * reset;
        STORE(past, total * update);
        STORE(d, dreset);
        STORE(d + H, dupdate);
        STORE(d + 2 * H, dproduct);
        STORE(z, dreset);
        STORE(z + H, dupdate);
        STORE(z + 2 * H, dcandidate);
        STORE(q, dproduct);
      });
    }
  }
}

#undef ROW
#undef LOAD
#undef STORE
