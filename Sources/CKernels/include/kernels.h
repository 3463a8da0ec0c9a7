#pragma once

/// The number of cores that this process may run on.
int scribe_core_count(void);
