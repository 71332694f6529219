/*
 * Encoded chunks on their way into the file. Small ones are put together and written at once: a call
 * takes longer than to copy their bytes, and waits for other workers' calls.
 *
 *  1. A batch is its caller's and serves one thread; the space may be others' at the same time.
 *  2. What was added is in the file, and its address known, when write() is back.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "binding/napi.h"
#include "codec/chunk_codec.h"
#include "driver/space.h"

/*
 * Brings written chunks to the disk in the background, several at a time. What other workers wrote
 * between them goes along, which does no harm.
 */
class BackgroundSync {
 public:
  explicit BackgroundSync(hs_space *space) : space_(space) {}
  ~BackgroundSync() { begin(); }

  void written(uint64_t address, size_t size);

 private:
  void begin();

  hs_space *space_;
  uint64_t low_ = UINT64_MAX;
  uint64_t high_ = 0;
  uint64_t bytes_ = 0;
};

class WriteBatch {
 public:
  /* Of chunks that a ChunkCodec accepts. */
  explicit WriteBatch(const hyperslab::ChunkLayout &layout) : room_(memory(layout)) {}

  /* Bytes that it holds at most; 0 where chunks are never small. */
  static uint64_t memory(const hyperslab::ChunkLayout &layout);
  uint64_t bytes_held() const { return bytes_.capacity(); }

  /* Whether a stored chunk of so many bytes is small. */
  bool takes(size_t size) const { return size <= room_ / least_chunks; }
  /* Whether it fits behind what is here. */
  bool fits(size_t size) const { return bytes_.size() + size <= room_; }
  /* Takes a copy of a chunk that fits. Where it will lie goes to placements[placement]. */
  void add(const uint8_t *bytes, size_t size, size_t placement);
  void write(Napi::Env env, hs_space *space, BackgroundSync &sync, std::vector<double> &placements);
  /* Forgets what was not written. */
  void clear();

 private:
  struct Waiting {
    size_t placement;
    size_t offset;
  };

  static constexpr uint64_t least_chunks = 8; /* that have room, whatever they hold */

  size_t room_;
  std::vector<uint8_t> bytes_;
  std::vector<Waiting> waiting_;
};
