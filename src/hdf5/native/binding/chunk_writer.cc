#include "binding/chunk_writer.h"

#include <algorithm>
#include <optional>

#include "binding/codec.h"
#include "binding/origin.h"
#include "binding/pieces.h"
#include "binding/space.h"
#include "binding/stages.h"
#include "codec/checksum.h"
#include "codec/chunk_codec.h"

namespace {

/*
 * Brings written chunks to the disk in the background, several at a time. What other workers wrote
 * between them goes along, which does no harm.
 */
class BackgroundSync {
 public:
  explicit BackgroundSync(hs_space *space) : space_(space) {}
  ~BackgroundSync() { begin(); }

  void written(uint64_t address, size_t size) {
    low_ = std::min(low_, address);
    high_ = std::max(high_, address + size);
    bytes_ += size;
    if (bytes_ >= batch) begin();
  }

 private:
  /* Enough that small chunks do not each cost a call. */
  static constexpr uint64_t batch = 4 << 20;

  void begin() {
    if (bytes_ > 0) hs_space_begin_sync(space_, low_, high_ - low_);
    low_ = UINT64_MAX;
    high_ = bytes_ = 0;
  }

  hs_space *space_;
  uint64_t low_ = UINT64_MAX;
  uint64_t high_ = 0;
  uint64_t bytes_ = 0;
};

/* The chunks of a job, one after the other in C order. */
class ChunkWalk {
 public:
  /* Throws std::out_of_range for a slab that is not made of whole chunks inside the extent. */
  ChunkWalk(const hyperslab::ChunkLayout &layout, std::vector<uint64_t> start,
            const std::vector<uint64_t> &count)
      : chunk_(layout.chunk), first_(std::move(start)), at_(first_) {
    for (size_t d = 0; d < chunk_.size(); d++) {
      const uint64_t extent = layout.extent[d];
      /* Both are below 2^53, so the sum can't overflow. */
      const uint64_t end = first_[d] + count[d];
      if (count[d] == 0 || end > extent || first_[d] % chunk_[d] != 0 ||
          (end % chunk_[d] != 0 && end != extent))
        throw std::out_of_range(
            "Expected whole chunks of " + std::to_string(chunk_[d]) + " within an extent of " +
            std::to_string(extent) + " for axis " + std::to_string(d) +
            " of slab but received start " + std::to_string(first_[d]) + ", count " +
            std::to_string(count[d]));
      end_.push_back(end);
    }
  }

  const std::vector<uint64_t> &at() const { return at_; }

  /* Elements of the chunk that lie inside the extent. */
  uint64_t inside() const {
    uint64_t elements = 1;
    for (size_t d = 0; d < at_.size(); d++) elements *= std::min(chunk_[d], end_[d] - at_[d]);
    return elements;
  }

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

class WriterObject : public Napi::ObjectWrap<WriterObject> {
 public:
  /* No accessors: unlike methods, they may be called with an object of another class. */
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ChunkWriter",
                       {InstanceMethod<&WriterObject::write>("write"),
                        InstanceMethod<&WriterObject::held_bytes>("heldBytes"),
                        InstanceMethod<&WriterObject::close>("close")});
  }

  explicit WriterObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<WriterObject>(info) {
    const Napi::Env env = info.Env();
    guard(env, [&] { codec_.emplace(read_layout(info[1], "layout")); });
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
      return write_chunks(env, pieces, std::move(walk), stop, origin.resolve());
    });
  }

  Napi::Value write_chunks(Napi::Env env, const std::vector<hyperslab::Piece> &pieces,
                           ChunkWalk walk, const int32_t *stop, const Origin &origin) {
    Stages stages;
    hyperslab::EncodedBytes deflated;
    StageClock clock;
    std::vector<double> placements;
    std::vector<uint64_t> checksums;
    BackgroundSync sync(space_.get());
    do {
      if (stop && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0) break;
      const hyperslab::Gathered items = codec_->gather(pieces, walk.at());
      const bool skips = codec_->layout().skip_fill && codec_->is_fill(items);
      clock.add(stages.gather, walk.inside() * codec_->layout().item_size, codec_->chunk_bytes());
      if (skips) {
        placements.insert(placements.end(), {-1, 0, 0});
        checksums.push_back(0);
        continue;
      }
      const hyperslab::Encoded chunk = codec_->filter(items);
      clock.add(stages.filter, codec_->chunk_bytes(), chunk.size);
      deflated += chunk.deflated;
      /* Now, while the bytes are in the processor's cache. */
      checksums.push_back(hyperslab::checksum(chunk.bytes, chunk.size));
      clock.add(stages.checksum, chunk.size, sizeof(uint64_t));
      const Stored stored = store(env, chunk, origin, sync);
      clock.add(stages.write, chunk.size, stored.written);
      placements.insert(placements.end(),
                        {static_cast<double>(stored.address), static_cast<double>(chunk.size),
                         static_cast<double>(chunk.filter_mask)});
    } while (walk.next());
    report_.update(env, codec_->bytes_held());

    Napi::Float64Array places = new_numbers(env, placements.size());
    std::copy(placements.begin(), placements.end(), places.Data());
    Napi::BigUint64Array sums = new_big_numbers(env, checksums.size());
    std::copy(checksums.begin(), checksums.end(), sums.Data());
    Napi::Object result = Napi::Object::New(env);
    result.Set("placements", places);
    result.Set("checksums", sums);
    result.Set("stages", to_object(env, stages));
    result.Set("deflated", to_object(env, deflated));
    return result;
  }

  /* Where a chunk is in the file, and how many bytes had to be written for it. */
  struct Stored {
    uint64_t address;
    size_t written;
  };

  Stored store(Napi::Env env, const hyperslab::Encoded &chunk, const Origin &origin,
               BackgroundSync &sync) {
    hs_space *space = space_.get();
    std::optional<uint64_t> from;
    if (hs_space_can_share(space)) from = origin.blocks(chunk.bytes, chunk.size);
    const uint64_t address = from ? reserve_blocks_in(env, space, chunk.size)
                                  : reserve_in(env, space, chunk.size);
    if (from && hs_space_share(space, origin.file, *from, chunk.size, address))
      return {address, 0};
    write_to(env, space, chunk.bytes, chunk.size, address);
    sync.written(address, chunk.size);
    return {address, chunk.size};
  }

  Napi::Value held_bytes(const Napi::CallbackInfo &info) {
    const double bytes = codec_ ? static_cast<double>(codec_->bytes_held()) : 0;
    return Napi::Number::New(info.Env(), bytes);
  }

  void close(const Napi::CallbackInfo &info) {
    codec_.reset();
    space_.reset();
    report_.update(info.Env(), 0);
  }

  std::optional<hyperslab::ChunkCodec> codec_;
  SpaceReference space_;
  MemoryReport report_;
};

}  // namespace

void init_chunk_writer(Napi::Env env, Napi::Object exports) {
  exports.Set("ChunkWriter", WriterObject::define(env));
}
