/* The name by which gcc 13 asks for it. */
#include "xtensa-config.h"
