// One optimiser step over a parameter, in one pass. What happens to an element depends on that
// element alone, so any partition over threads gives the same bits.

typedef double NAME(doubles) __attribute__((ext_vector_type(LANES)));

static double NAME(sum_squares)(const float *x, long count) {
  NAME(doubles) sum = (NAME(doubles))(0.0);
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    NAME(doubles) value = __builtin_convertvector(vload(x + i), NAME(doubles));
    sum += value * value;
  }
  if (i < count) {
    NAME(doubles) value = __builtin_convertvector(vload_part(x + i, count - i), NAME(doubles));
    sum += value * value;
  }
  double total = 0;
  for (int lane = 0; lane < LANES; lane++) total += sum[lane];
  return total;
}

/// What one vector of elements goes through; the loop below runs it over whole vectors and the rest.
INLINE void NAME(sgd_vector)(const scribe_sgd *step, vf *w, vf g, vf *velocity) {
  vf d = g * step->gradient_scale + *w * step->decay;
  *velocity = *velocity * step->momentum + d;
  vf move = step->nesterov ? d + *velocity * step->momentum : *velocity;
  *w = *w - move * step->rate;
}

static void NAME(sgd)(const scribe_sgd *step, float *w, const float *g, float *velocity,
                      long count) {
  for (long i = 0; i < count; i += LANES) {
    long rest = count - i;
    int whole = rest >= LANES;
    vf value = whole ? vload(w + i) : vload_part(w + i, rest);
    vf gradient = whole ? vload(g + i) : vload_part(g + i, rest);
    vf speed = whole ? vload(velocity + i) : vload_part(velocity + i, rest);
    NAME(sgd_vector)(step, &value, gradient, &speed);
    if (whole) {
      vstore(w + i, value);
      vstore(velocity + i, speed);
    } else {
      vstore_part(w + i, value, rest);
      vstore_part(velocity + i, speed, rest);
    }
  }
}

INLINE void NAME(adam_vector)(const scribe_adam *step, vf *w, vf g, vf *first, vf *second) {
  g = g * step->gradient_scale + *w * step->decay;
  *w = *w * step->shrink;
  *first = *first + (g - *first) * step->first_share;
  *second = *second * step->beta2 + (g * g) * step->second_share;
  vf root = __builtin_elementwise_sqrt(*second) * step->second_correction + step->epsilon;
  *w = *w - *first * step->rate / root;
}

static void NAME(adam)(const scribe_adam *step, float *w, const float *g, float *first,
                       float *second, long count) {
  for (long i = 0; i < count; i += LANES) {
    long rest = count - i;
    int whole = rest >= LANES;
    vf value = whole ? vload(w + i) : vload_part(w + i, rest);
    vf gradient = whole ? vload(g + i) : vload_part(g + i, rest);
    vf mean = whole ? vload(first + i) : vload_part(first + i, rest);
    vf square = whole ? vload(second + i) : vload_part(second + i, rest);
    NAME(adam_vector)(step, &value, gradient, &mean, &square);
    if (whole) {
      vstore(w + i, value);
      vstore(first + i, mean);
      vstore(second + i, square);
    } else {
      vstore_part(w + i, value, rest);
      vstore_part(first + i, mean, rest);
      vstore_part(second + i, square, rest);
    }
  }
}
