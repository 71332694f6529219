#include "addon/chunk_writer.h"

#include <algorithm>
#include <optional>

#include "addon/codec.h"
#include "addon/origin.h"
#include "addon/pieces.h"
#include "addon/space.h"
#include "addon/write_batch.h"
#include "addon/writing.h"
#include "codec/chunk_codec.h"

namespace hyperslab::addon {
namespace {

/* The chunks of a job, one after the other in C order. */
class ChunkWalk {
 public:
  /* Throws std::out_of_range for a slab that is not made of whole chunks inside the extent. */
  ChunkWalk(const ChunkLayout &layout, std::vector<uint64_t> start,
            const std::vector<uint64_t> &count)
      : chunk_(layout.chunk), first_(std::move(start)), at_(first_) {
    for (size_t d = 0; d < chunk_.size(); d++) {
      const uint64_t extent = layout.extent[d];
      /* Both are below 2^53, so the sum can't overflow. */
      const uint64_t end = first_[d] + count[d];
      if (count[d] == 0 || end > extent || first_[d] % chunk_[d] != 0 ||
          (end % chunk_[d] != 0 && end != extent))
        throw std::out_of_range("Expected whole chunks of " + std::to_string(chunk_[d]) +
                                " within an extent of " + std::to_string(extent) + " for axis " +
                                std::to_string(d) + " of slab but received start " +
                                std::to_string(first_[d]) + ", count " + std::to_string(count[d]));
      end_.push_back(end);
    }
  }

  const std::vector<uint64_t> &at() const { return at_; }

  /* Goes to the next chunk; false after the last. */
  bool next() {
    for (size_t d = at_.size(); d-- > 0;) {
      at_[d] += chunk_[d];
      if (at_[d] < end_[d]) return true;
      at_[d] = first_[d];
    }
    return false;
  }

 private:
  const std::vector<uint64_t> &chunk_;
  std::vector<uint64_t> first_;
  std::vector<uint64_t> end_;
  std::vector<uint64_t> at_;
};

/* The argument of writeDense(): chunks in memory. arguments.h explains the two steps of reading. */
class DenseChunks {
 public:
  explicit DenseChunks(Napi::Value chunks) : env_(chunks.Env()) {
    if (!chunks.IsArray()) throw Napi::TypeError::New(env_, expected("an array", "chunks", chunks));
    const Napi::Array array = chunks.As<Napi::Array>();
    const uint32_t length = array.Length();
    for (uint32_t k = 0; k < length; k++) {
      chunks_.push_back(array.Get(k));
      require_bytes(chunks_.back(), name(k));
    }
  }

  std::vector<Piece> resolve(const ChunkCodec &codec) const {
    const ChunkLayout &layout = codec.layout();
    Piece whole{nullptr, std::vector<PieceAxis>(layout.chunk.size()), false, false};
    auto step = static_cast<int64_t>(layout.item_size);
    for (size_t d = layout.chunk.size(); d-- > 0;) {
      whole.axes[d] = {0, layout.chunk[d], {step}};
      step *= static_cast<int64_t>(layout.chunk[d]);
    }
    std::vector<Piece> pieces;
    for (size_t k = 0; k < chunks_.size(); k++) {
      const Memory memory = memory_of(chunks_[k]);
      if (memory.size != codec.chunk_bytes())
        throw Napi::RangeError::New(env_, "Expected the " + std::to_string(codec.chunk_bytes()) +
                                              " bytes of a chunk for " + name(k) +
                                              " but received " + std::to_string(memory.size));
      whole.origin = memory.bytes;
      whole.shared = memory.shared;
      pieces.push_back(whole);
    }
    return pieces;
  }

 private:
  static std::string name(size_t k) { return "chunks[" + std::to_string(k) + "]"; }

  Napi::Env env_;
  std::vector<Napi::Value> chunks_;
};

class WriterObject : public Napi::ObjectWrap<WriterObject> {
 public:
  /* No accessors: unlike methods, they may be called with an object of another class. */
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ChunkWriter",
                       {InstanceMethod<&WriterObject::write>("write"),
                        InstanceMethod<&WriterObject::write_dense>("writeDense"),
                        InstanceMethod<&WriterObject::held_bytes>("heldBytes"),
                        InstanceMethod<&WriterObject::close>("close")});
  }

  explicit WriterObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<WriterObject>(info) {
    const Napi::Env env = info.Env();
    guard(env, [&] { codec_.emplace(read_layout(info[1], "layout")); });
    batch_.emplace(codec_->layout());
    space_ = attach_space(info[0]);
  }

  void Finalize(Napi::BasicEnv env) override { report_.update(env, 0); }

 private:
  void require_open(Napi::Env env) const {
    if (!space_)
      throw coded_error(env, "ERR_CLOSED", "Expected an open chunk writer but it is closed");
  }

  Napi::Value write(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    require_open(env);
    return guard(env, [&]() -> Napi::Value {
      const size_t rank = codec_->layout().chunk.size();
      PieceArguments arguments(info[0], rank);
      const Napi::Object slab = read_object(info[1], "slab");
      std::vector<uint64_t> start = read_sizes(slab.Get("start"), "slab.start", rank);
      const std::vector<uint64_t> count = read_sizes(slab.Get("count"), "slab.count", rank);
      const bool stoppable = !info[2].IsUndefined();
      if (stoppable) require_int32(info[2], "stop");
      OriginArgument origin(info[3]);
      /* A getter of the arguments may have closed the writer. */
      require_open(env);
      const int32_t *stop = nullptr;
      if (stoppable) {
        const Memory memory = memory_of(info[2]);
        if (memory.size < sizeof(int32_t))
          throw Napi::RangeError::New(env, "Expected at least 1 element for stop but received 0");
        stop = reinterpret_cast<const int32_t *>(memory.bytes);
      }
      const auto pieces = arguments.resolve(codec_->layout().item_size);
      ChunkWalk walk(codec_->layout(), std::move(start), count);
      const Origin resolved = origin.resolve();
      return run(env, [&](Writing &writing) {
        do {
          if (stop && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0) break;
          writing.add(pieces, walk.at(), resolved);
        } while (walk.next());
      });
    });
  }

  Napi::Value write_dense(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    require_open(env);
    return guard(env, [&]() -> Napi::Value {
      const DenseChunks chunks(info[0]);
      require_open(env);
      const std::vector<uint64_t> first(codec_->layout().chunk.size(), 0);
      return run(env, [&](Writing &writing) {
        for (const Piece &chunk : chunks.resolve(*codec_)) writing.add({chunk}, first, Origin());
      });
    });
  }

  /* Lets `body` add chunks. */
  template <typename Body>
  Napi::Value run(Napi::Env env, const Body &body) {
    Writing writing(env, *codec_, *batch_, space_.get());
    body(writing);
    const Napi::Object written = writing.finish();
    report_.update(env, bytes_held());
    return written;
  }

  uint64_t bytes_held() const { return codec_ ? codec_->bytes_held() + batch_->bytes_held() : 0; }

  Napi::Value held_bytes(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), static_cast<double>(bytes_held()));
  }

  void close(const Napi::CallbackInfo &info) {
    codec_.reset();
    batch_.reset();
    space_.reset();
    report_.update(info.Env(), 0);
  }

  std::optional<ChunkCodec> codec_;
  std::optional<WriteBatch> batch_;
  SpaceReference space_;
  MemoryReport report_;
};

Napi::Value writer_bytes(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  return guard(env, [&]() -> Napi::Value {
    const ChunkLayout layout = read_layout(info[0], "layout");
    const uint64_t bytes = ChunkCodec::encoder_bytes(layout) + WriteBatch::memory(layout);
    return Napi::Number::New(env, static_cast<double>(bytes));
  });
}

}  // namespace

void init_chunk_writer(Napi::Env env, Napi::Object exports) {
  exports.Set("ChunkWriter", WriterObject::define(env));
  exports.Set("encoderBytes", Napi::Function::New(env, writer_bytes, "encoderBytes"));
}

}  // namespace hyperslab::addon
