#include "addon/stages.h"

namespace hyperslab::addon {
namespace {

Napi::Object stage_object(Napi::Env env, const Stage &stage) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char *name, double value) {
    object.Set(name, Napi::Number::New(env, value));
  };
  set("seconds", std::chrono::duration<double>(stage.time).count());
  set("bytesIn", static_cast<double>(stage.in));
  set("bytesOut", static_cast<double>(stage.out));
  return object;
}

}  // namespace

Napi::Object to_object(Napi::Env env, const Stages &stages) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("gather", stage_object(env, stages.gather));
  object.Set("filter", stage_object(env, stages.filter));
  object.Set("checksum", stage_object(env, stages.checksum));
  object.Set("write", stage_object(env, stages.write));
  return object;
}

Napi::Object to_object(Napi::Env env, const EncodedBytes &deflated) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char *name, uint64_t bytes) {
    object.Set(name, Napi::Number::New(env, static_cast<double>(bytes)));
  };
  set("literals", deflated.literals);
  set("runs", deflated.runs);
  set("matches", deflated.matches);
  set("stored", deflated.stored);
  set("library", deflated.library);
  return object;
}

}  // namespace hyperslab::addon
