#define SCRIBE_SET portable
#define SCRIBE_LANES 4
#define PANEL_VECTORS 1
#define TILE_ROWS 8
#define WIDE_ROWS 4
#define INNER_BLOCK 256
#define CONV_ROWS 4
#include "templates/kernels.h"
