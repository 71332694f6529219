/* The one place where Node-API comes in. */
#pragma once

#include <napi.h>
