/* Names that stay within a file. */
#pragma once

#include <string>

#include "addon/library.h"

namespace hyperslab::addon {

/*
 * A property list for looking names up, of the class H5P_LINK_ACCESS or one derived from it, with
 * which libhdf5 follows no external link: whoever made a file must not choose other files that are
 * opened, and written, with it. The error is of the function `external_link`.
 */
Id access_inside(Napi::Env env, hid_t list_class, const std::string &path);

}  // namespace hyperslab::addon
