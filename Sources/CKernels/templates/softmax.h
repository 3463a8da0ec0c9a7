// Softmax in log space along rows. A row whose exponentials have no finite sum (NaN, +inf, or only
// -inf) gives NaN throughout.

/// The log-softmax of a row is (x - largest) - log_sum; kept apart, large logits do not cancel.
typedef struct {
  float largest, log_sum;
} NAME(normalizer);

/// The greatest element, NaN left out, by halves: element after element would take longer than the
/// rest of a short row.
INLINE float NAME(greatest_lane)(vf v) {
  float lane[LANES];
  vstore(lane, v);
#pragma unroll
  for (int width = LANES / 2; width > 0; width /= 2)
#pragma unroll
    for (int i = 0; i < width; i++)
      lane[i] = lane[i + width] > lane[i] ? lane[i + width] : lane[i];
  return lane[0];
}

/// The greatest of one element or more; a NaN after the first element is passed over.
INLINE float NAME(greatest_of)(const float *x, long columns) {
  const long whole = columns / LANES * LANES;
  vf best = vset(x[0]);
  for (long i = 0; i < whole; i += LANES) best = vmax(vload(x + i), best);
  float largest = NAME(greatest_lane)(best);
  for (long i = whole; i < columns; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

/// Few elements of a row are above a threshold that rises, so blocks without any are passed over.
static long NAME(first_above)(const float *x, float offset, float threshold, long first,
                              long count) {
  enum { BLOCK = 4 * LANES };
  long i = first;
  for (; i + BLOCK <= count; i += BLOCK) {
    vf best = vset(-__builtin_inff());
#pragma unroll
    for (int part = 0; part < BLOCK; part += LANES)
      best = vmax(vload(x + i + part) + offset, best);
    if (NAME(greatest_lane)(best) > threshold) break;
  }
  while (i < count && !(x[i] + offset > threshold)) i++;
  return i;
}

INLINE NAME(normalizer) NAME(row_normalizer)(const float *x, long columns) {
  if (columns == 0) return (NAME(normalizer)){0, 0};
  const long whole = columns / LANES * LANES;
  const float largest = NAME(greatest_of)(x, columns);
  vf sum = vset(0);
  for (long i = 0; i < whole; i += LANES) sum += vexp(vload(x + i) - largest);
  if (whole < columns) {
    float lane[LANES];
    for (long i = 0; i < LANES; i++)
      lane[i] = whole + i < columns ? x[whole + i] - largest : -__builtin_inff();
    sum += vexp(vload(lane));
  }
  float total = vsum(sum);
  // The difference is zero, or NaN where the total is; vlog alone would hide it.
  return (NAME(normalizer)){largest, vlog(vset(total))[0] + (total - total)};
}

static void NAME(log_softmax)(const float *x, float *y, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    NAME(normalizer) n = NAME(row_normalizer)(x, columns);
    const float *row = x;
    MAP(row, y, columns, (x - n.largest) - n.log_sum);
  }
}

static void NAME(log_softmax_gradient)(const float *y, const float *dy, float *dx, long rows,
                                       long columns) {
  for (long r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    const long whole = columns / LANES * LANES;
    vf sum = vset(0);
    for (long i = 0; i < whole; i += LANES) sum += vload(dy + i);
    if (whole < columns) sum += vload_part(dy + whole, columns - whole);
    vf total = vset(vsum(sum));
    for (long i = 0; i < whole; i += LANES)
      vstore(dx + i, vload(dy + i) - vexp(vload(y + i)) * total);
    if (whole < columns) {
      long rest = columns - whole;
      vf p = vexp(vload_part(y + whole, rest));
      vstore_part(dx + whole, vload_part(dy + whole, rest) - p * total, rest);
    }
  }
}

/// Σ w (log Σ exp x - x) over all labels, null weights being ones.
INLINE float NAME(even_cost)(const float *x, const float *w, NAME(normalizer) n, long columns) {
  const long whole = columns / LANES * LANES;
  vf sum = vset(0);
  for (long i = 0; i < whole; i += LANES) {
    vf cost = n.log_sum - (vload(x + i) - n.largest);
    sum += w ? cost * vload(w + i) : cost;
  }
  float total = vsum(sum);
  for (long i = whole; i < columns; i++) {
    float cost = n.log_sum - (x[i] - n.largest);
    total += w ? cost * w[i] : cost;
  }
  return total;
}

/// Softmax and cross-entropy of a row in one: with the share q of each label, the cost is
/// Σ q (log Σ exp x - x), and its gradient p Σ q - q.
static float NAME(cross_entropy)(const scribe_cross_entropy *job) {
  const long columns = job->columns;
  const float *row = job->logits, *w = job->weights;
  const NAME(normalizer) n = NAME(row_normalizer)(row, columns);
  float cost = job->target_share * (n.log_sum - (row[job->target] - n.largest));
  if (job->smoothing > 0) cost += job->smoothing * NAME(even_cost)(row, w, n, columns);
  float *gradient = job->gradient;
  if (!gradient) return cost;
  if (!(__builtin_fabsf(cost) < __builtin_inff())) {
    NAME(clear)(gradient, columns);
    return cost;
  }
  const float share = job->scale * job->total, even = job->scale * job->smoothing;
  const float level = w ? 0 : even;
  MAP(row, gradient, columns, vexp((x - n.largest) - n.log_sum) * share - level);
  if (w && even > 0) {
    for (long i = 0; i < columns; i++) gradient[i] -= even * w[i];
  }
  gradient[job->target] -= job->scale * job->target_share;
  return cost;
}
