#if defined(__aarch64__)
#define SCRIBE_SET neon
#define SCRIBE_LANES 4
#define PANEL_VECTORS 2
#define TILE_ROWS 8
#define WIDE_ROWS 4
#define INNER_BLOCK 256
#define CONV_ROWS 8
#include "templates/kernels.h"
#endif
