/*
 * Collects small chunks to write them with one call. A call takes longer than copying their bytes,
 * and waits for the calls of other workers.
 *
 *  1. A batch belongs to its caller and serves one thread.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/chunk_codec.h"

namespace hyperslab::addon {

class WriteBatch {
 public:
  /* The layout must be one that ChunkCodec accepts. */
  explicit WriteBatch(const ChunkLayout &layout) : room_(memory(layout)) {}

  /* The most bytes that a batch holds; 0 if chunks are never small. */
  static uint64_t memory(const ChunkLayout &layout);
  uint64_t bytes_held() const { return bytes_.capacity(); }

  /* Whether a stored chunk of this size is small. */
  bool takes(size_t size) const { return size <= room_ / least_chunks; }
  /* Whether a chunk of this size fits behind those that are here. */
  bool fits(size_t size) const { return bytes_.size() + size <= room_; }
  /* Copies a chunk that fits. Its address will be written to placements[placement]. */
  void add(const uint8_t *bytes, size_t size, size_t placement);
  /* All chunks, one behind the other. */
  const std::vector<uint8_t> &bytes() const { return bytes_; }
  /* Sets the placements for bytes written at this address, and empties the batch. */
  void place(uint64_t address, std::vector<double> &placements);
  /* Empties the batch without writing. */
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
