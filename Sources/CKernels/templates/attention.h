// Attention: scores of a query over the positions of a memory, their softmax, and the sum of the
// values with it as weights. A call takes one query of each row; rows never meet.
//
// Scores are scale · (q · k), or additive: scale · Σ v tanh(q + k + Σ_f f · P_f), where f are the
// weights of the step before under filters (Chorowski et al. 2015).

/// out[s] = scale · (x · rows[s])
INLINE void NAME(attention_dots)(const float *x, const float *rows, long stride, long count,
                                 long size, float scale, float *out) {
  const long whole = size / LANES * LANES, rest = size - whole;
  long s = 0;
  for (; s + 4 <= count; s += 4, rows += 4 * stride) {
    vf sum[4] = {vset(0), vset(0), vset(0), vset(0)};
    for (long i = 0; i < whole; i += LANES) {
      const vf part = vload(x + i);
#pragma unroll
      for (int k = 0; k < 4; k++) sum[k] += part * vload(rows + k * stride + i);
    }
    if (rest > 0) {
      const vf part = vload_part(x + whole, rest);
#pragma unroll
      for (int k = 0; k < 4; k++) sum[k] += part * vload_part(rows + k * stride + whole, rest);
    }
#pragma unroll
    for (int k = 0; k < 4; k++) out[s + k] = scale * vsum(sum[k]);
  }
  for (; s < count; s++, rows += stride) {
    vf sum = vset(0);
    for (long i = 0; i < whole; i += LANES) sum += vload(x + i) * vload(rows + i);
    if (rest > 0) sum += vload_part(x + whole, rest) * vload_part(rows + whole, rest);
    out[s] = scale * vsum(sum);
  }
}

/// out = Σ_s weights[s] · rows[s], in the order of s
INLINE void NAME(attention_sum)(const float *weights, const float *rows, long stride, long count,
                                long size, float *out) {
  enum { BESIDE = 8 };
  long c = 0;
  for (; c + BESIDE * LANES <= size; c += BESIDE * LANES) {
    vf sum[BESIDE];
#pragma unroll
    for (int k = 0; k < BESIDE; k++) sum[k] = vset(0);
    for (long s = 0; s < count; s++) {
      const vf weight = vset(weights[s]);
#pragma unroll
      for (int k = 0; k < BESIDE; k++) sum[k] += weight * vload(rows + s * stride + c + k * LANES);
    }
#pragma unroll
    for (int k = 0; k < BESIDE; k++) vstore(out + c + k * LANES, sum[k]);
  }
  for (; c + LANES <= size; c += LANES) {
    vf sum = vset(0);
    for (long s = 0; s < count; s++) sum += weights[s] * vload(rows + s * stride + c);
    vstore(out + c, sum);
  }
  if (c < size) {
    vf sum = vset(0);
    for (long s = 0; s < count; s++)
      sum += weights[s] * vload_part(rows + s * stride + c, size - c);
    vstore_part(out + c, sum, size - c);
  }
}

/// The softmax of scores in place; zero from `count` on.
INLINE void NAME(attention_softmax)(float *scores, long count, long padded) {
  if (count > 0) {
    const float largest = NAME(greatest_of)(scores, count);
    MAP(scores, scores, count, vexp(x - largest));
    const long whole = count / LANES * LANES;
    vf sum = vset(0);
    for (long i = 0; i < whole; i += LANES) sum += vload(scores + i);
    if (whole < count) sum += vload_part(scores + whole, count - whole);
    NAME(scale)(scores, scores, 1.0f / vsum(sum), count);
  }
  NAME(clear)(scores + count, padded - count);
}

/// The taps of the filters that lie within the memory around a position.
#define TAPS(job, s)                                                                     \
  const long half = (job)->width / 2, low = (s) < half ? half - (s) : 0;                 \
  const long high = (s) + half >= (job)->source ? (job)->source - (s) + half : (job)->width

/// The weights of the step before around a position, under each filter: the filters beside each other.
INLINE void NAME(attention_filtered)(const scribe_attention *job, const float *previous, long s,
                                     float *filtered) {
  if (job->filters == 0) return;
  TAPS(job, s);
  for (long f = 0; f < job->filter_stride; f += LANES) {
    vf sum = vset(0);
    if (previous)
      for (long j = low; j < high; j++)
        sum += previous[s + j - half] * vload(job->filter + j * job->filter_stride + f);
    vstore(filtered + f, sum);
  }
}

/// tanh(q + k + Σ_f f · P_f) of the vector at offset i.
#define ENERGY_INPUT(key)                                                              \
  ({                                                                                   \
    vf sum_ = LOAD(query) + LOAD(key);                                                 \
    for (long f = 0; f < job->filters; f++)                                            \
      sum_ += filtered[f] * LOAD(job->projection + f * job->key_size);                 \
    vtanh(sum_);                                                                       \
  })

INLINE void NAME(additive_scores)(const scribe_attention *job, const float *query,
                                  const float *keys, const float *previous, long count,
                                  float *scores) {
  const long size = job->key_size;
  float filtered[SCRIBE_FILTERS];
  for (long s = 0; s < count; s++) {
    const float *key = keys + s * size;
    NAME(attention_filtered)(job, previous, s, filtered);
    vf sum = vset(0);
    ROW(size, sum += LOAD(job->energy) * ENERGY_INPUT(key););
    scores[s] = job->scale * vsum(sum);
  }
}

static void NAME(attention_forward)(const scribe_attention *job, long first, long last) {
  const long D = job->heads * job->key_size, V = job->heads * job->value_size;
  const long source = job->source;
  for (long row = first; row < last; row++) {
    float *weights = job->weights + row * job->weights_stride;
    float *context = job->context + row * job->context_stride;
    if (job->lengths && job->lengths[row] <= job->step) {
      NAME(clear)(weights, job->heads * source);
      NAME(clear)(context, V);
      continue;
    }
    const long memory = job->memories ? job->memories[row] : row, count = job->counts[row];
    const float *keys = job->keys + memory * source * D;
    const float *values = job->values + memory * source * V;
    const float *query = job->query + row * job->query_stride;
    const float *previous = job->previous ? job->previous + row * job->weights_stride : 0;
    for (long head = 0; head < job->heads; head++, weights += source) {
      const long key = head * job->key_size, value = head * job->value_size;
      if (job->energy) NAME(additive_scores)(job, query, keys, previous, count, weights);
      else
        NAME(attention_dots)
        (query + key, keys + key, D, count, job->key_size, job->scale, weights);
      NAME(attention_softmax)(weights, count, source);
      NAME(attention_sum)(weights, values + value, V, count, job->value_size, context + value);
    }
  }
}

/// From the gradients of weights to those of scores, in place: scale · w (dw - Σ w dw).
INLINE void NAME(attention_softmax_gradient)(const float *w, float *d, float scale, long count,
                                             long padded) {
  float mean = 0;
  for (long s = 0; s < count; s++) mean += w[s] * d[s];
  for (long s = 0; s < count; s++) d[s] = scale * w[s] * (d[s] - mean);
  NAME(clear)(d + count, padded - count);
}

/// Without filters: vector after vector, each over all positions.
INLINE void NAME(additive_gradient)(const scribe_attention *job, const float *query,
                                    const float *keys, const float *d, long count, float *dquery,
                                    float *dkeys, float *denergy) {
  const long size = job->key_size;
  ROW(size, {
    const vf q = LOAD(query);
    const vf v = LOAD(job->energy);
    vf dq = vset(0);
    vf dv = LOAD(denergy);
    for (long s = 0; s < count; s++) {
      const vf y = vtanh(q + LOAD(keys + s * size));
      const vf g = d[s] * v * (1.0f - y * y);
      dv += d[s] * y;
      dq += g;
      STORE(dkeys + s * size, LOAD(dkeys + s * size) + g);
    }
    STORE(dquery, dq);
    STORE(denergy, dv);
  });
}

/// What the filtered weights of one position receive: gradients of filters and of `previous`.
INLINE void NAME(filter_gradient)(const scribe_attention *job, const float *previous,
                                  long memory, long s, const float *dfiltered) {
  if (!previous) return;
  TAPS(job, s);
  const long stride = job->filter_stride;
  float *carried = job->carried + memory * job->source;
  float *dfilter = job->filter_gradient + memory * job->width * stride;
  for (long j = low; j < high; j++) {
    const float weight = previous[s + j - half];
    vf back = vset(0);
    for (long f = 0; f < stride; f += LANES) {
      const vf d = vload(dfiltered + f);
      vstore(dfilter + j * stride + f, vload(dfilter + j * stride + f) + d * weight);
      back += d * vload(job->filter + j * stride + f);
    }
    carried[s + j - half] += vsum(back);
  }
}

/// With filters: position after position.
INLINE void NAME(location_gradient)(const scribe_attention *job, const float *query,
                                    const float *keys, const float *previous, const float *d,
                                    long memory, long count, float *dquery, float *dkeys,
                                    float *denergy) {
  const long size = job->key_size;
  float filtered[SCRIBE_FILTERS], dfiltered[SCRIBE_FILTERS] = {0};
  float *g = job->scratch + memory * size;
  float *dprojection = job->projection_gradient + memory * job->filters * size;
  NAME(clear)(dquery, size);
  for (long s = 0; s < count; s++) {
    const float *key = keys + s * size;
    float *dkey = dkeys + s * size;
    NAME(attention_filtered)(job, previous, s, filtered);
    ROW(size, {
      const vf y = ENERGY_INPUT(key);
      const vf part = d[s] * LOAD(job->energy) * (1.0f - y * y);
      STORE(g, part);
      STORE(denergy, LOAD(denergy) + d[s] * y);
      STORE(dquery, LOAD(dquery) + part);
      STORE(dkey, LOAD(dkey) + part);
    });
    for (long f = 0; f < job->filters; f++) {
      vf sum = vset(0);
      ROW(size, {
        sum += LOAD(g) * LOAD(job->projection + f * size);
        STORE(dprojection + f * size, LOAD(dprojection + f * size) + filtered[f] * LOAD(g));
      });
      dfiltered[f] = vsum(sum);
    }
    NAME(filter_gradient)(job, previous, memory, s, dfiltered);
  }
}

static void NAME(attention_backward)(const scribe_attention *job, long first, long last) {
  const long D = job->heads * job->key_size, V = job->heads * job->value_size;
  const long source = job->source;
  for (long row = first; row < last; row++) {
    float *d = job->score_gradient + row * job->weights_stride;
    float *dquery = job->query_gradient + row * job->query_gradient_stride;
    if (job->lengths && job->lengths[row] <= job->step) {
      NAME(clear)(d, job->heads * source);
      NAME(clear)(dquery, D);
      continue;
    }
    const long memory = job->memories ? job->memories[row] : row, count = job->counts[row];
    const float *keys = job->keys + memory * source * D;
    const float *values = job->values + memory * source * V;
    const float *query = job->query + row * job->query_stride;
    const float *weights = job->weights + row * job->weights_stride;
    const float *dcontext = job->context_gradient + row * job->context_gradient_stride;
    for (long head = 0; head < job->heads; head++, d += source, weights += source) {
      const long key = head * job->key_size, value = head * job->value_size;
      NAME(attention_dots)(dcontext + value, values + value, V, count, job->value_size, 1, d);
      if (job->carried) {
        float *carried = job->carried + memory * source;
        for (long s = 0; s < count; s++) d[s] += carried[s];
        NAME(clear)(carried, source);
      }
      NAME(attention_softmax_gradient)(weights, d, job->scale, count, source);
      if (!job->energy) {
        NAME(attention_sum)(d, keys + key, D, count, job->key_size, dquery + key);
        continue;
      }
      float *dkeys = job->key_gradient + memory * source * D;
      float *denergy = job->energy_gradient + memory * job->key_size;
      const float *previous = job->previous ? job->previous + row * job->weights_stride : 0;
      if (job->filters == 0)
        NAME(additive_gradient)(job, query, keys, d, count, dquery, dkeys, denergy);
      else
        NAME(location_gradient)
        (job, query, keys, previous, d, memory, count, dquery, dkeys, denergy);
    }
  }
}

static void NAME(attention_outer)(const float *x, long x_stride, const float *y, long y_stride,
                                  long steps, float *sums, long sums_stride, long rows,
                                  long columns, int accumulate) {
  long s = 0;
  for (; s + 4 <= rows; s += 4, x += 4, sums += 4 * sums_stride)
    ROW(columns, {
      vf sum[4];
      for (int k = 0; k < 4; k++) sum[k] = accumulate ? LOAD(sums + k * sums_stride) : vset(0);
      for (long t = 0; t < steps; t++) {
        const vf part = LOAD(y + t * y_stride);
        for (int k = 0; k < 4; k++) sum[k] += x[t * x_stride + k] * part;
      }
      for (int k = 0; k < 4; k++) STORE(sums + k * sums_stride, sum[k]);
    });
  for (; s < rows; s++, x++, sums += sums_stride)
    ROW(columns, {
      vf sum = accumulate ? LOAD(sums) : vset(0);
      for (long t = 0; t < steps; t++) sum += x[t * x_stride] * LOAD(y + t * y_stride);
      STORE(sums, sum);
    });
}
#undef ENERGY_INPUT
#undef TAPS
