#include "addon/codec.h"

#include <cstring>

#include "addon/pieces.h"

namespace hyperslab::addon {
namespace {

Filter read_filter(Napi::Value value, const std::string &name) {
  const Napi::Object filter = read_object(value, name);
  const Napi::Value kind = filter.Get("kind");
  const std::string word = kind.IsString() ? kind.As<Napi::String>().Utf8Value() : "";
  if (word == "shuffle") return {FilterKind::shuffle, 0};
  if (word == "fletcher32") return {FilterKind::fletcher32, 0};
  if (word != "deflate")
    throw Napi::TypeError::New(value.Env(), "Expected 'shuffle', 'deflate' or 'fletcher32' for " +
                                                name + ".kind but received '" + word + "'");
  const uint64_t level = read_size(filter.Get("level"), name + ".level");
  if (level > max_deflate_level)
    throw Napi::RangeError::New(value.Env(), "Expected 0 to 12 for " + name +
                                                 ".level but received " + std::to_string(level));
  return {FilterKind::deflate, static_cast<int>(level)};
}

/*
 * A stored chunk. Shared memory is copied, since a decoder relies on bytes that it has already
 * read.
 */
class StoredArgument {
 public:
  explicit StoredArgument(Napi::Value value) : value_(value) { require_bytes(value, "stored"); }

  Memory resolve() {
    const Memory memory = memory_of(value_);
    if (!memory.shared) return memory;
    copy_.assign(memory.bytes, memory.bytes + memory.size);
    return {copy_.data(), copy_.size(), false};
  }

 private:
  Napi::Value value_;
  std::vector<uint8_t> copy_;
};

uint32_t read_mask(Napi::Value value) {
  const uint64_t mask = read_size(value, "filterMask");
  if (mask > UINT32_MAX)
    throw Napi::RangeError::New(
        value.Env(), "Expected 32 bits for filterMask but received " + std::to_string(mask));
  return static_cast<uint32_t>(mask);
}

class CodecObject : public Napi::ObjectWrap<CodecObject> {
 public:
  /* No accessors: unlike methods, they may be called with an object of another class. */
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ChunkCodec",
                       {InstanceMethod<&CodecObject::encode>("encode"),
                        InstanceMethod<&CodecObject::decode>("decode"),
                        InstanceMethod<&CodecObject::difference>("difference"),
                        InstanceMethod<&CodecObject::held_bytes>("heldBytes"),
                        InstanceMethod<&CodecObject::release>("release")});
  }

  explicit CodecObject(const Napi::CallbackInfo &info)
      : Napi::ObjectWrap<CodecObject>(info),
        codec_(guard(info.Env(), [&] { return ChunkCodec(read_layout(info[0], "layout")); })) {}

  void Finalize(Napi::BasicEnv env) override { report_.update(env, 0); }

 private:
  size_t rank() const { return codec_.layout().chunk.size(); }

  Napi::Value encode(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    return guard(env, [&]() -> Napi::Value {
      PieceArguments arguments(info[0], rank());
      const std::vector<uint64_t> start = read_sizes(info[1], "chunkStart", rank());
      const auto pieces = arguments.resolve(codec_.layout().item_size);
      const Encoded encoded = codec_.encode(pieces, start);
      report_.update(env, codec_.bytes_held());
      Napi::Uint8Array bytes = new_bytes(env, encoded.size);
      std::memcpy(bytes.Data(), encoded.bytes, encoded.size);
      Napi::Object result = Napi::Object::New(env);
      result.Set("bytes", bytes);
      result.Set("filterMask", Napi::Number::New(env, encoded.filter_mask));
      return result;
    });
  }

  Napi::Value decode(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    return guard(env, [&]() -> Napi::Value {
      StoredArgument argument(info[0]);
      const uint32_t mask = read_mask(info[1]);
      if (!info[2].IsUndefined()) require_bytes(info[2], "out");
      const Napi::Uint8Array out = info[2].IsUndefined() ? new_bytes(env, codec_.chunk_bytes())
                                                         : info[2].As<Napi::Uint8Array>();
      const Memory chunk = memory_of(out);
      if (chunk.shared)
        throw Napi::TypeError::New(
            env, "Expected memory that is not shared for out but received memory that is");
      if (chunk.size != codec_.chunk_bytes())
        throw Napi::RangeError::New(env, "Expected " + std::to_string(codec_.chunk_bytes()) +
                                             " bytes for out but received " +
                                             std::to_string(chunk.size));
      if (overlap(chunk, memory_of(info[0])))
        throw Napi::RangeError::New(env,
                                    "Expected memory apart from the stored chunk for out but "
                                    "received memory that overlaps with it");
      const Memory stored = argument.resolve();
      codec_.decode(stored.bytes, stored.size, mask, const_cast<uint8_t *>(chunk.bytes));
      report_.update(env, codec_.bytes_held());
      return out;
    });
  }

  Napi::Value difference(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    return guard(env, [&]() -> Napi::Value {
      PieceArguments arguments(info[0], rank());
      const std::vector<uint64_t> start = read_sizes(info[1], "chunkStart", rank());
      StoredArgument argument(info[2]);
      const uint32_t mask = read_mask(info[3]);
      const auto pieces = arguments.resolve(codec_.layout().item_size);
      const Memory stored = argument.resolve();
      const auto first = codec_.difference(pieces, start, stored.bytes, stored.size, mask);
      report_.update(env, codec_.bytes_held());
      return Napi::Number::New(env, first ? static_cast<double>(*first) : -1);
    });
  }

  Napi::Value held_bytes(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), static_cast<double>(codec_.bytes_held()));
  }

  void release(const Napi::CallbackInfo &info) {
    codec_.release();
    report_.update(info.Env(), codec_.bytes_held());
  }

  ChunkCodec codec_;
  MemoryReport report_;
};

}  // namespace

ChunkLayout read_layout(Napi::Value value, const std::string &name) {
  const Napi::Env env = value.Env();
  const Napi::Object object = read_object(value, name);
  ChunkLayout layout;
  layout.item_size = read_size(object.Get("itemSize"), name + ".itemSize");
  layout.chunk = read_sizes(object.Get("chunk"), name + ".chunk");
  layout.extent = read_sizes(object.Get("extent"), name + ".extent");
  const Napi::Value filters = object.Get("filters");
  if (!filters.IsArray())
    throw Napi::TypeError::New(env, "Expected an array for " + name + ".filters");
  const uint32_t count = filters.As<Napi::Array>().Length();
  if (count > 32)
    throw Napi::RangeError::New(env, "Expected at most 32 filters for " + name +
                                         ".filters but received " + std::to_string(count));
  for (uint32_t i = 0; i < count; i++)
    layout.filters.push_back(read_filter(filters.As<Napi::Array>().Get(i),
                                         name + ".filters[" + std::to_string(i) + "]"));
  layout.skip_fill = read_flag(object.Get("skipFill"), name + ".skipFill");
  const Napi::Value fill = object.Get("fillvalue");
  require_bytes(fill, name + ".fillvalue");
  const Memory memory = memory_of(fill);
  layout.fill.assign(memory.bytes, memory.bytes + memory.size);
  return layout;
}

Napi::Error coded_error(Napi::Env env, const char *code, const std::string &message) {
  const Napi::Error error = Napi::Error::New(env, message);
  error.Value().Set("code", Napi::String::New(env, code));
  return error;
}

void init_codec(Napi::Env env, Napi::Object exports) {
  exports.Set("ChunkCodec", CodecObject::define(env));
}

}  // namespace hyperslab::addon
