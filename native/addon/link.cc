#include "addon/link.h"

#include <algorithm>

#include "addon/handle.h"
#include "addon/inside.h"
#include "addon/value.h"

namespace hyperslab::addon {
namespace {

/* createGroup(location, name) */
Napi::Value create_group(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a group");
  const std::string path = location.child(name);
  const hid_t where = location.id(env, "H5Gcreate2");
  const Id access = access_inside(env, H5P_GROUP_ACCESS, path);
  Id group = own(env, H5Gcreate2(where, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, access),
                 "H5Gcreate2", path);
  return Handle::make(env, std::move(group), path);
}

/* openObject(location, path): { kind: 'group' | 'dataset' | 'other', handle } */
Napi::Value open_object(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the path of an object");
  const std::string path = location.child(name);
  const hid_t where = location.id(env, "H5Oopen");
  const Id access = access_inside(env, H5P_LINK_ACCESS, path);
  Id object = own(env, H5Oopen(where, name.c_str(), access), "H5Oopen", path, where);
  const H5I_type_t type = H5Iget_type(object);
  Napi::Object result = Napi::Object::New(env);
  result.Set("kind", type == H5I_GROUP ? "group" : type == H5I_DATASET ? "dataset" : "other");
  result.Set("handle", Handle::make(env, std::move(object), path));
  return result;
}

/* objectIdentity(object): the same number for the same object, whatever path it was opened by. */
Napi::Value object_identity(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &object = Handle::of(info[0]);
  /* A reference to an object is its address. */
  hobj_ref_t reference = 0;
  check(env, H5Rcreate(&reference, object.id(env, "H5Rcreate"), ".", H5R_OBJECT, -1), "H5Rcreate",
        object.path());
  return Napi::BigInt::New(env, static_cast<uint64_t>(reference));
}

/* createSoftLink(location, name, target) */
Napi::Value create_soft_link(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a link");
  const std::string target = to_text(info[2], "the target of a link");
  const std::string path = location.child(name);
  const hid_t where = location.id(env, "H5Lcreate_soft");
  const Id access = access_inside(env, H5P_LINK_ACCESS, path);
  check(env, H5Lcreate_soft(target.c_str(), where, name.c_str(), H5P_DEFAULT, access),
        "H5Lcreate_soft", path);
  return env.Undefined();
}

/* hasLink(location, name): one step, not a path. */
Napi::Value has_link(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a link");
  const std::string path = location.child(name);
  const hid_t where = location.id(env, "H5Lexists");
  const Id access = access_inside(env, H5P_LINK_ACCESS, path);
  const htri_t exists =
      check(env, H5Lexists(where, name.c_str(), access), "H5Lexists", path, where);
  return Napi::Boolean::New(env, exists > 0);
}

/* deleteLink(location, name): one step, not a path. */
Napi::Value delete_link(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a link");
  const std::string path = location.child(name);
  const hid_t where = location.id(env, "H5Ldelete");
  const Id access = access_inside(env, H5P_LINK_ACCESS, path);
  check(env, H5Ldelete(where, name.c_str(), access), "H5Ldelete", path, where);
  return env.Undefined();
}

struct Found {
  std::string name;
  H5L_type_t type;
  size_t size; /* of its value, the target */
};

herr_t add_link(hid_t, const char *name, const H5L_info_t *link, void *data) {
  const size_t size = link->type == H5L_TYPE_HARD ? 0 : link->u.val_size;
  static_cast<std::vector<Found> *>(data)->push_back({name, link->type, size});
  return 0;
}

/*
 * Reads all links of a group once, by looking for a name that does not exist, which fails cleanly
 * if a link can't be read. Iterating over a small group would not: libhdf5 (seen in 1.10.8) makes a
 * table of the links, and if it can't read one it frees memory that it never allocated.
 */
void read_links(Napi::Env env, hid_t group, const std::string &path) {
  std::string unused(1, '\1');
  while (check(env, H5Lexists(group, unused.c_str(), H5P_DEFAULT), "H5Lexists", path, group) > 0)
    if (++unused.back() == '\0') unused.assign(unused.size() + 1, '\1');
}

/* Sorted here: libhdf5 also makes a table when it sorts the links of a large group. */
std::vector<Found> find_links(Napi::Env env, hid_t group, const std::string &path) {
  read_links(env, group, path);
  std::vector<Found> found;
  check(env, H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, add_link, &found),
        "H5Literate", path, group);
  std::sort(found.begin(), found.end(),
            [](const Found &a, const Found &b) { return a.name < b.name; });
  return found;
}

std::vector<char> value_of(Napi::Env env, hid_t group, const Found &link, const std::string &path) {
  std::vector<char> value(link.size + 1);
  check(env, H5Lget_val(group, link.name.c_str(), value.data(), link.size, H5P_DEFAULT),
        "H5Lget_val", path, group);
  return value;
}

/*
 * links(location): [{ name, kind: 'hard' | 'soft' | 'external', target?, file? }], by name;
 * external links have `file`.
 */
Napi::Value links(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const hid_t id = location.id(env, "H5Literate");
  const std::vector<Found> found = find_links(env, id, location.path());
  Napi::Array result = Napi::Array::New(env, found.size());
  for (uint32_t i = 0; i < found.size(); i++) {
    const Napi::HandleScope scope(env);
    const std::string path = location.child(found[i].name);
    Napi::Object link = Napi::Object::New(env);
    link.Set("name", found[i].name);
    link.Set("kind", found[i].type == H5L_TYPE_HARD   ? "hard"
                     : found[i].type == H5L_TYPE_SOFT ? "soft"
                                                      : "external");
    if (found[i].type == H5L_TYPE_SOFT)
      link.Set("target", std::string(value_of(env, id, found[i], path).data()));
    if (found[i].type == H5L_TYPE_EXTERNAL) {
      const std::vector<char> value = value_of(env, id, found[i], path);
      const char *file = nullptr, *target = nullptr;
      check(env, H5Lunpack_elink_val(value.data(), found[i].size, nullptr, &file, &target),
            "H5Lunpack_elink_val", path, id);
      link.Set("file", std::string(file));
      link.Set("target", std::string(target));
    }
    result.Set(i, link);
  }
  return result;
}

}  // namespace

void init_link(Napi::Env env, Napi::Object exports) {
  exports.Set("createGroup", Napi::Function::New(env, create_group, "createGroup"));
  exports.Set("openObject", Napi::Function::New(env, open_object, "openObject"));
  exports.Set("objectIdentity", Napi::Function::New(env, object_identity, "objectIdentity"));
  exports.Set("createSoftLink", Napi::Function::New(env, create_soft_link, "createSoftLink"));
  exports.Set("deleteLink", Napi::Function::New(env, delete_link, "deleteLink"));
  exports.Set("hasLink", Napi::Function::New(env, has_link, "hasLink"));
  exports.Set("links", Napi::Function::New(env, links, "links"));
}

}  // namespace hyperslab::addon
