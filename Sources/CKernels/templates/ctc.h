// Connectionist temporal classification (Graves et al. 2006, section 4), one sequence per call.
//
// The target with blanks around every label has U labels and U + 1 blanks. They are kept in two
// rows, so that vectors run along u and the emission of the blank is one number per frame:
//
//   blank[u], label[u] from frame t - 1 to t:
//     m[u]      = blank[u] ⊕ label[u-1]
//     blank'[u] = m[u] + log p(blank)
//     label'[u] = (label[u] ⊕ (may skip the blank ? m[u] : blank[u])) + log p(target[u])
//
// with ⊕ the logarithm of a sum. The third summand of the textbook costs nothing, because m is
// there already. Each row is shifted so that the one before has maximum zero, and the shifts are
// added up in double precision; so the rounding errors do not grow with the length.
//
// Impossible states hold a large negative number instead of minus infinity: its differences are
// not NaN. Anything below CTC_ALIVE is impossible.

#ifndef CTC_DEAD
#define CTC_DEAD -1e30f
#define CTC_ALIVE -1e29f
#endif

/// log(exp a + exp b); log(1 + u) on 0...1 is a minimax polynomial, absolute error 1e-7.
INLINE vf NAME(log_add)(vf a, vf b) {
  vi greater = a > b;
  vf larger = vselect(greater, a, b);
  vf x = vmax(vselect(greater, b, a) - larger, vset(-87.33654f));
  vf u = vexp_bounded(x);
  vf q = vset(3.9304513e-3f);
  q = q * u - 2.3855431e-2f;
  q = q * u + 6.8084642e-2f;
  q = q * u - 1.2690884e-1f;
  q = q * u + 1.8569815e-1f;
  q = q * u - 2.4672687e-1f;
  q = q * u + 3.3289668e-1f;
  q = q * u - 4.9997094e-1f;
  q = q * u + 9.9999934e-1f;
  return u * q + larger;
}

/// y = scale · softmax(x), not in place, and the normalizer that row_normalizer gives.
static NAME(normalizer) NAME(scaled_softmax)(const float *x, float *y, long columns, float scale) {
  if (columns == 0) return (NAME(normalizer)){0, 0};
  const long whole = columns / LANES * LANES;
  const float largest = NAME(greatest_of)(x, columns);
  vf sum = vset(0);
  for (long i = 0; i < whole; i += LANES) {
    vf e = vexp(vload(x + i) - largest);
    vstore(y + i, e);
    sum += e;
  }
  if (whole < columns) {
    float lane[LANES];
    for (long i = 0; i < LANES; i++)
      lane[i] = whole + i < columns ? x[whole + i] - largest : -__builtin_inff();
    vf e = vexp(vload(lane));
    vstore_part(y + whole, e, columns - whole);
    sum += e;
  }
  const float total = vsum(sum), factor = scale / total;
  for (long i = 0; i < columns; i++) y[i] *= factor;
  return (NAME(normalizer)){largest, vlog(vset(total))[0] + (total - total)};
}

/// Where things lie in the scratch space. Rows of labels have a guard of impossible states before
/// them and rows of blanks one behind, so that neighbours can be read at both ends.
typedef struct {
  long stride, row;
  NAME(normalizer) *normalizer;
  /// What was subtracted on the way to each frame.
  float *shift;
  /// Row t + 1 belongs to frame t, row 0 to the state before the first.
  float *alpha;
  float *beta_label, *beta_blank, *emitted_label, *emitted_blank;
  /// Logits of the target's labels in one frame; -inf behind the last.
  float *raw;
  /// All bits set where label u may follow label u - 1 without a blank between.
  int32_t *skip;
  /// Shares of labels in one frame, by place in the target and by label; zeros between frames.
  float *posterior, *occupancy;
  long size;
} NAME(ctc_layout);

INLINE long NAME(whole_vectors)(long count) { return (count + LANES - 1) / LANES * LANES; }

static NAME(ctc_layout) NAME(ctc_lay_out)(float *p, long frames, long target_count, long labels) {
  NAME(ctc_layout) s;
  const float *start = p;
  const long stride = NAME(whole_vectors)(target_count + 1);
  s.stride = stride;
  s.row = LANES + 2 * stride;
  // The normalizers are pairs of floats.
  s.normalizer = (void *)p, p += NAME(whole_vectors)(2 * frames);
  s.shift = p, p += NAME(whole_vectors)(frames);
  s.alpha = p, p += (frames + 1) * s.row;
  s.beta_label = p, p += stride;
  s.beta_blank = p, p += stride + LANES;
  s.emitted_label = p, p += stride;
  s.emitted_blank = p, p += stride + LANES;
  s.raw = p, p += stride;
  s.skip = (void *)p, p += stride + LANES;
  s.posterior = p, p += stride;
  s.occupancy = p, p += NAME(whole_vectors)(labels);
  s.size = p - start;
  return s;
}

static long NAME(ctc_scratch)(long frames, long target_count, long labels) {
  return NAME(ctc_lay_out)(0, frames, target_count, labels).size;
}

INLINE void NAME(fill)(float *p, float value, long count) {
  for (long i = 0; i < count; i++) p[i] = value;
}

static void NAME(ctc_prepare)(const scribe_ctc *job, const NAME(ctc_layout) *s) {
  NAME(fill)(s->alpha, CTC_DEAD, s->row);
  s->alpha[LANES + s->stride] = 0;
  for (long t = 1; t <= job->frames; t++) NAME(fill)(s->alpha + t * s->row, CTC_DEAD, LANES);
  NAME(fill)(s->raw, -__builtin_inff(), s->stride);
  if (job->gradient) NAME(fill)(s->occupancy, 0, job->labels);
  for (long u = 0; u < s->stride + LANES; u++)
    s->skip[u] =
        u > 0 && u < job->target_count && job->targets[u] != job->targets[u - 1] ? -1 : 0;
}

/// Gathers the logits of one frame, and returns the log-probability of the blank less `shift`.
INLINE float NAME(ctc_emissions)(const scribe_ctc *job, const NAME(ctc_layout) *s, long t,
                                 float shift) {
  const float *x = job->logits + t * job->frame_stride;
  for (long u = 0; u < job->target_count; u++) s->raw[u] = x[job->targets[u]];
  float y = (x[job->blank] - s->normalizer[t].largest) - (s->normalizer[t].log_sum + shift);
  return y < CTC_DEAD ? CTC_DEAD : y;
}

INLINE vf NAME(ctc_emission)(const NAME(ctc_layout) *s, long t, float shift, long u) {
  vf y = (vload(s->raw + u) - s->normalizer[t].largest) - (s->normalizer[t].log_sum + shift);
  return vmax(y, vset(CTC_DEAD));
}

/// The forward recursion. Returns the log-probability of the target; the total of the shifts goes
/// to `shifts`.
static double NAME(ctc_forward)(const scribe_ctc *job, const NAME(ctc_layout) *s, double *shifts) {
  float largest = 0;
  double total = 0;
  for (long t = 0; t < job->frames; t++) {
    s->shift[t] = largest;
    total += largest;
    const float blank = NAME(ctc_emissions)(job, s, t, largest);
    const float *label = s->alpha + t * s->row + LANES, *blanks = label + s->stride;
    float *to_label = (float *)label + s->row, *to_blank = (float *)blanks + s->row;
    vf best = vset(CTC_DEAD);
    for (long u = 0; u < s->stride; u += LANES) {
      vf stay = vload(blanks + u);
      vf either = NAME(log_add)(stay, vload(label + u - 1));
      vf from = vselect(*(const vi *)(s->skip + u), either, stay);
      vf y = NAME(log_add)(vload(label + u), from) + NAME(ctc_emission)(s, t, largest, u);
      vf b = either + blank;
      vstore(to_label + u, y);
      vstore(to_blank + u, b);
      best = vmax(best, vmax(y, b));
    }
    largest = NAME(greatest_lane)(best);
    if (largest < CTC_ALIVE) return -__builtin_inf();
  }
  *shifts = total;
  const float *label = s->alpha + job->frames * s->row + LANES, *blanks = label + s->stride;
  const long last = job->target_count;
  float end = NAME(log_add)(vset(blanks[last]), vset(label[last - 1]))[0];
  return end < CTC_ALIVE ? -__builtin_inf() : end + total;
}

/// One step of the backward recursion, from frame t + 1 to t: what may still come after each state.
INLINE float NAME(ctc_step_back)(const scribe_ctc *job, const NAME(ctc_layout) *s, long t,
                                 float shift) {
  const float blank = NAME(ctc_emissions)(job, s, t + 1, shift);
  vf best = vset(CTC_DEAD);
  for (long u = 0; u < s->stride; u += LANES) {
    vf b = vload(s->beta_blank + u) + blank;
    vf y = vload(s->beta_label + u) + NAME(ctc_emission)(s, t + 1, shift, u);
    vf either = NAME(log_add)(b, y);
    vstore(s->emitted_blank + u, b);
    vstore(s->emitted_label + u, y);
    vstore(s->beta_blank + u, either);
    best = vmax(best, either);
  }
  for (long u = 0; u < s->stride; u += LANES) {
    vi skip = (vi)vload((const float *)(s->skip + u + 1));
    vf on = vselect(skip, vload(s->beta_blank + u + 1), vload(s->emitted_blank + u + 1));
    vf y = NAME(log_add)(vload(s->emitted_label + u), on);
    vstore(s->beta_label + u, y);
    best = vmax(best, y);
  }
  return NAME(greatest_lane)(best);
}

/// Makes of scale · softmax, which lies in frame t of the gradient, scale · (softmax - expected share
/// of each label): only the labels of the target are touched. `offset` completes alpha + beta to the
/// logarithm of a posterior; the shares are divided by their sum, which is one up to rounding.
INLINE void NAME(ctc_subtract_shares)(const scribe_ctc *job, const NAME(ctc_layout) *s, long t,
                                      float offset) {
  const float *label = s->alpha + (t + 1) * s->row + LANES, *blanks = label + s->stride;
  vf blank_sum = vset(0), label_sum = vset(0);
  for (long u = 0; u < s->stride; u += LANES) {
    blank_sum += vexp(vload(blanks + u) + vload(s->beta_blank + u) + offset);
    vf share = vexp(vload(label + u) + vload(s->beta_label + u) + offset);
    label_sum += share;
    vstore(s->posterior + u, share);
  }
  for (long u = 0; u < job->target_count; u++) s->occupancy[job->targets[u]] += s->posterior[u];
  const float blank = vsum(blank_sum), share = job->scale / (blank + vsum(label_sum));
  float *gradient = job->gradient + t * job->frame_stride;
  gradient[job->blank] -= blank * share;
  // A label that the target repeats is zero by its second turn.
  for (long u = 0; u < job->target_count; u++) {
    const long k = job->targets[u];
    gradient[k] -= s->occupancy[k] * share;
    s->occupancy[k] = 0;
  }
}

/// The backward recursion, which leaves the gradient frame by frame.
static void NAME(ctc_backward)(const scribe_ctc *job, const NAME(ctc_layout) *s, double log_p,
                               double alpha_shift) {
  NAME(fill)(s->beta_label, CTC_DEAD, s->stride);
  NAME(fill)(s->beta_blank, CTC_DEAD, s->stride + LANES);
  NAME(fill)(s->emitted_blank + s->stride, CTC_DEAD, LANES);
  s->beta_blank[job->target_count] = 0;
  if (job->target_count > 0) s->beta_label[job->target_count - 1] = 0;
  double beta_shift = 0;
  float largest = 0;
  for (long t = job->frames - 1; t >= 0; t--) {
    if (t < job->frames - 1) {
      beta_shift += largest;
      largest = NAME(ctc_step_back)(job, s, t, largest);
    }
    NAME(ctc_subtract_shares)(job, s, t, (float)(alpha_shift + beta_shift - log_p));
    alpha_shift -= s->shift[t];
  }
}

static double NAME(ctc)(const scribe_ctc *job, float *scratch) {
  const NAME(ctc_layout) s =
      NAME(ctc_lay_out)(scratch, job->frames, job->target_count, job->labels);
  NAME(ctc_prepare)(job, &s);
  double log_p = 0, shifts = 0;
  for (long t = 0; t < job->frames; t++) {
    const float *x = job->logits + t * job->frame_stride;
    // While the logits are in the cache; an exponential costs more than the place for it.
    s.normalizer[t] = job->gradient
                          ? NAME(scaled_softmax)(x, job->gradient + t * job->frame_stride,
                                                 job->labels, job->scale)
                          : NAME(row_normalizer)(x, job->labels);
    if (isnan(s.normalizer[t].log_sum)) log_p = __builtin_nan("");
  }
  if (!isnan(log_p)) log_p = NAME(ctc_forward)(job, &s, &shifts);
  if (job->gradient) {
    const int usable = isfinite(log_p);
    if (usable) NAME(ctc_backward)(job, &s, log_p, shifts);
    for (long t = usable ? job->frames : 0; t < job->padded_frames; t++)
      NAME(fill)(job->gradient + t * job->frame_stride, 0, job->labels);
  }
  // A certain target may come out a rounding error above probability one.
  return log_p > 0 ? 0 : -log_p;
}
