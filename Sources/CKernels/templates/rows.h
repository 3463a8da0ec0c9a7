// Rows of floats, vector by vector.

/// Runs `body` for every vector of one row; `i` is the offset, the last vector may be partial.
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
