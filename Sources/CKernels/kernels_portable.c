#define SCRIBE_SET portable
#define SCRIBE_LANES 4
#define PANEL_VECTORS 1
#define TILE_ROWS 8
#define MAIN_PANELS 1
#define BLOCK_UNITS 512
#define ROW_BLOCK 120
#define CONV_ROWS 4
#include "templates/kernels.h"
