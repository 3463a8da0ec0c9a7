// Recurrent layers over whole sequences, the way back in time, for one kind of number; see
// recurrent.h. What was kept turns into the gradients of the input products in place, rounded to
// KIND like all that a product reads; dh and dc are floats.

/// dh = dY_t + dGates_next · U, into the sums of each row. `states` hold dGates_next.
INLINE void KNAME(carry_back)(const scribe_recurrence *job, long t, long next, long width,
                              long first, long end, long last) {
  const long H = job->hidden;
  long carried = NAME(active_end)(job, next, first, last);
  if (carried > end) carried = end;
  KNAME(step_product)(job, width, H, first, carried);
  for (long row = first; row < end; row++) {
    float *dh = job->sums + row * job->sums_stride;
    const float *dy =
        job->output_gradient + (t * job->batch + row) * job->output_gradient_stride;
    const int first_visit = row >= carried || job->lengths[row] <= next;
    if (first_visit) memcpy(dh, dy, (size_t)H * sizeof *dh);
    else ROW(H, STORE(dh, LOAD(dh) + LOAD(dy)););
  }
}

/// Nothing comes back to the last step of all.
INLINE void KNAME(begin_back)(const scribe_recurrence *job, long first, long last) {
  if (job->last_step < job->time) return;
  for (long row = first; row < last; row++)
    NAME(clear)(job->carried + row * job->hidden, job->hidden);
}

/// The gradients of the gates of a row as the product reads them.
INLINE void KNAME(keep_units)(const scribe_recurrence *job, long row, const KEPT *gates,
                              long count) {
  memcpy(job->states + row * job->states_stride, gates, (size_t)count * sizeof *gates);
}

/// What comes back to h before step 0, into the sums of each row.
static void KNAME(recurrence_start_gradient)(const scribe_recurrence *job, long width, long first,
                                             long last) {
  KNAME(step_product)(job, width, job->hidden, first, last);
}

static void KNAME(rnn_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  const float ceiling = job->activation == SCRIBE_CLIPPED_RELU ? 20.0f : INFINITY;
  for (long step = job->last_step - 1; step >= job->first_step; step--) {
    const long t = NAME(frame)(job, step), next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    KNAME(carry_back)(job, t, next, H, first, end, last);
    for (long row = first; row < last; row++) {
      KEPT *dz = KNAME(kept)(job->gates, job, t, row, H);
      if (job->lengths[row] <= t) {
        KNAME(clear_kept)(dz, H);
        continue;
      }
      const float *dh = job->sums + row * job->sums_stride;
      const float *h = NAME(output_at)(job, t, row);
      if (job->activation == SCRIBE_TANH) {
        ROW(H, vf y = LOAD(h); KEEP(dz, LOAD(dh) * (1.0f - y * y)););
      } else {
        ROW(H, vf y = LOAD(h);
            KEEP(dz, vselect((y > 0.0f) & (y < ceiling), LOAD(dh), vset(0))););
      }
      KNAME(keep_units)(job, row, dz, H);
    }
  }
}

static void KNAME(lstm_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  const float *p = job->peepholes;
  KNAME(begin_back)(job, first, last);
  for (long step = job->last_step - 1; step >= job->first_step; step--) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    KNAME(carry_back)(job, t, next, 4 * H, first, end, last);
    for (long row = first; row < last; row++) {
      KEPT *z = KNAME(kept)(job->gates, job, t, row, 4 * H);
      if (job->lengths[row] <= t) {
        KNAME(clear_kept)(z, 4 * H);
        continue;
      }
      const float *dh = job->sums + row * job->sums_stride;
      float *dc = job->carried + row * H;
      const KEPT *c = KNAME(kept)(job->cells, job, t, row, H);
      const KEPT *old = step > 0 ? KNAME(kept)(job->cells, job, before, row, H) : 0;
      const float *start = job->initial ? job->initial + row * H : 0;
      ROW(H, {
        vf in = LOAD_KEPT(z);
        vf forget = LOAD_KEPT(z + H);
        vf cell = LOAD_KEPT(z + 2 * H);
        vf out = LOAD_KEPT(z + 3 * H);
        vf was = old ? LOAD_KEPT(old) : start ? LOAD(start) : vset(0);
        vf squashed = vtanh(LOAD_KEPT(c));
        vf d = LOAD(dh);
        vf dout = d * squashed * out * (1.0f - out);
        vf dcell = LOAD(dc) + d * out * (1.0f - squashed * squashed);
        if (p) dcell += dout * LOAD(p + 2 * H);
        vf din = dcell * cell * in * (1.0f - in);
        vf dforget = dcell * was * forget * (1.0f - forget);
        vf carry = dcell * forget;
        if (p) carry += din * LOAD(p) + dforget * LOAD(p + H);
        KEEP(z, din);
        KEEP(z + H, dforget);
        KEEP(z + 2 * H, dcell * in * (1.0f - cell * cell));
        KEEP(z + 3 * H, dout);
        STORE(dc, carry);
      });
      KNAME(keep_units)(job, row, z, 4 * H);
    }
  }
}

static void KNAME(gru_backward)(const scribe_recurrence *job, long first, long last) {
  const long H = job->hidden;
  KNAME(begin_back)(job, first, last);
  for (long step = job->last_step - 1; step >= job->first_step; step--) {
    const long t = NAME(frame)(job, step), before = job->reverse ? t + 1 : t - 1;
    const long next = job->reverse ? t - 1 : t + 1;
    const long end = NAME(active_end)(job, t, first, last);
    KNAME(carry_back)(job, t, next, 3 * H, first, end, last);
    for (long row = first; row < last; row++) {
      KEPT *z = KNAME(kept)(job->gates, job, t, row, 3 * H);
      KEPT *q = KNAME(kept)(job->cells, job, t, row, H);
      if (job->lengths[row] <= t) {
        KNAME(clear_kept)(z, 3 * H);
        KNAME(clear_kept)(q, H);
        continue;
      }
      const float *dh = job->sums + row * job->sums_stride;
      float *past = job->carried + row * H;
      const float *old = step > 0      ? NAME(output_at)(job, before, row)
                         : job->initial ? job->initial + row * H
                                        : 0;
      ROW(H, {
        vf was = old ? LOAD(old) : vset(0);
        vf reset = LOAD_KEPT(z);
        vf update = LOAD_KEPT(z + H);
        vf candidate = LOAD_KEPT(z + 2 * H);
        vf product = LOAD_KEPT(q);
        vf total = LOAD(dh) + LOAD(past);
        vf dupdate = total * (was - candidate) * update * (1.0f - update);
        vf dcandidate = total * (1.0f - update) * (1.0f - candidate * candidate);
        vf dreset = dcandidate * product * reset * (1.0f - reset);
        STORE(past, total * update);
        KEEP(z, dreset);
        KEEP(z + H, dupdate);
        KEEP(z + 2 * H, dcandidate);
        KEEP(q, dcandidate * reset);
      });
      // The product reads (dr, du, dq).
      KEPT *units = (KEPT *)(job->states + row * job->states_stride);
      memcpy(units, z, (size_t)(2 * H) * sizeof *z);
      memcpy(units + 2 * H, q, (size_t)H * sizeof *q);
    }
  }
}
