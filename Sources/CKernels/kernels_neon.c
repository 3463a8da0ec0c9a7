#if defined(__aarch64__)
#define SCRIBE_SET neon
#define SCRIBE_LANES 4
#define PANEL_VECTORS 2
#define TILE_ROWS 8
#define MAIN_PANELS 1
#define BLOCK_UNITS 512
#define ROW_BLOCK 120
#define CONV_ROWS 8
#include "templates/kernels.h"
#endif
