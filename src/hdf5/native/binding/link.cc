#include "binding/link.h"

#include "binding/handle.h"
#include "binding/value.h"

namespace {

/* createGroup(location, name) */
Napi::Value create_group(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a group");
  const std::string path = location.child(name);
  Id group = own(env,
                 H5Gcreate2(location.id(env, "H5Gcreate2"), name.c_str(), H5P_DEFAULT, H5P_DEFAULT,
                            H5P_DEFAULT),
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
  Id object = own(env, H5Oopen(location.id(env, "H5Oopen"), name.c_str(), H5P_DEFAULT), "H5Oopen", path);
  const H5I_type_t type = H5Iget_type(object);
  Napi::Object result = Napi::Object::New(env);
  result.Set("kind", type == H5I_GROUP ? "group" : type == H5I_DATASET ? "dataset" : "other");
  result.Set("handle", Handle::make(env, std::move(object), path));
  return result;
}

/* objectIdentity(object): the same number for the same object, by whatever path it was opened. */
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
  check(env,
        H5Lcreate_soft(target.c_str(), location.id(env, "H5Lcreate_soft"), name.c_str(), H5P_DEFAULT,
                       H5P_DEFAULT),
        "H5Lcreate_soft", location.child(name));
  return env.Undefined();
}

/* hasLink(location, name): one step, not a path. */
Napi::Value has_link(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const std::string name = to_text(info[1], "the name of a link");
  const htri_t exists =
      check(env, H5Lexists(location.id(env, "H5Lexists"), name.c_str(), H5P_DEFAULT), "H5Lexists",
            location.child(name));
  return Napi::Boolean::New(env, exists > 0);
}

std::string soft_target(Napi::Env env, hid_t location, const char *name, size_t size,
                        const std::string &path) {
  std::string target(size, '\0');
  check(env, H5Lget_val(location, name, target.data(), size, H5P_DEFAULT), "H5Lget_val", path);
  target.resize(target.find('\0') == std::string::npos ? size : target.find('\0'));
  return target;
}

struct Names {
  std::vector<std::string> list;
};

herr_t add_name(hid_t, const char *name, const H5L_info_t *, void *data) {
  static_cast<Names *>(data)->list.emplace_back(name);
  return 0;
}

/* links(location): [{ name, kind: 'hard' | 'soft' | 'external', target? }], by name */
Napi::Value links(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const Library library;
  const Handle &location = Handle::of(info[0]);
  const hid_t id = location.id(env, "H5Literate");
  Names names;
  check(env, H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_name, &names), "H5Literate",
        location.path());
  Napi::Array result = Napi::Array::New(env, names.list.size());
  uint32_t count = 0;
  for (const std::string &name : names.list) {
    const std::string path = location.child(name);
    H5L_info_t details;
    check(env, H5Lget_info(id, name.c_str(), &details, H5P_DEFAULT), "H5Lget_info", path);
    Napi::Object link = Napi::Object::New(env);
    link.Set("name", name);
    if (details.type == H5L_TYPE_SOFT) {
      link.Set("kind", "soft");
      link.Set("target", soft_target(env, id, name.c_str(), details.u.val_size, path));
    } else {
      link.Set("kind", details.type == H5L_TYPE_HARD ? "hard" : "external");
    }
    result.Set(count++, link);
  }
  return result;
}

}  // namespace

void init_link(Napi::Env env, Napi::Object exports) {
  exports.Set("createGroup", Napi::Function::New(env, create_group, "createGroup"));
  exports.Set("openObject", Napi::Function::New(env, open_object, "openObject"));
  exports.Set("objectIdentity", Napi::Function::New(env, object_identity, "objectIdentity"));
  exports.Set("createSoftLink", Napi::Function::New(env, create_soft_link, "createSoftLink"));
  exports.Set("hasLink", Napi::Function::New(env, has_link, "hasLink"));
  exports.Set("links", Napi::Function::New(env, links, "links"));
}
