/* Looking names up without leaving the file. */
#pragma once

#include <string>

#include "addon/library.h"

namespace hyperslab::addon {

/*
 * A property list for looking names up, of the class H5P_LINK_ACCESS or one derived from it. With
 * it libhdf5 follows no external links, since the author of a file must not choose which other
 * files are opened, and written, with it. The error names the function `external_link`.
 */
Id access_inside(Napi::Env env, hid_t list_class, const std::string &path);

}  // namespace hyperslab::addon
