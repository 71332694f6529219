#include "addon/inside.h"

namespace hyperslab::addon {
namespace {

herr_t refuse(const char *, const char *, const char *file, const char *object, unsigned *, hid_t,
              void *) {
  H5Epush2(H5E_DEFAULT, __FILE__, "external_link", __LINE__, H5E_ERR_CLS, H5E_LINK,
           H5E_CANTOPENFILE,
           "an external link leads to %s of %s, and links to other files are not followed", object,
           file);
  return -1;
}

}  // namespace

Id access_inside(Napi::Env env, hid_t list_class, const std::string &path) {
  Id list = own(env, H5Pcreate(list_class), "H5Pcreate", path);
  check(env, H5Pset_elink_cb(list, refuse, nullptr), "H5Pset_elink_cb", path);
  return list;
}

}  // namespace hyperslab::addon
