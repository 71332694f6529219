/*
 * Small chunks that wait to be written at once: a call takes longer than to copy their bytes, and
 * waits for other workers' calls.
 *
 *  1. A batch is its caller's and serves one thread.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/chunk_codec.h"

namespace hyperslab::addon {

class WriteBatch {
 public:
  /* Of chunks that a ChunkCodec accepts. */
  explicit WriteBatch(const ChunkLayout &layout) : room_(memory(layout)) {}

  /* Bytes that it holds at most; 0 where chunks are never small. */
  static uint64_t memory(const ChunkLayout &layout);
  uint64_t bytes_held() const { return bytes_.capacity(); }

  /* Whether a stored chunk of so many bytes is small. */
  bool takes(size_t size) const { return size <= room_ / least_chunks; }
  /* Whether it fits behind what is here. */
  bool fits(size_t size) const { return bytes_.size() + size <= room_; }
  /* Takes a copy of a chunk that fits. Where it will lie goes to placements[placement]. */
  void add(const uint8_t *bytes, size_t size, size_t placement);
  /* All that is here, one behind the other. */
  const std::vector<uint8_t> &bytes() const { return bytes_; }
  /* Tells where the bytes lie in the file, and forgets them. */
  void place(uint64_t address, std::vector<double> &placements);
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

}  // namespace hyperslab::addon
