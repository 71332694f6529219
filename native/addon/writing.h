/*
 * One call of a writer: gathers, filters and writes chunks, in the order in which they come.
 *
 *  1. A Writing serves one thread, for one call. Codec, batch and space must outlive it.
 *  2. After an error, reserved space stays unused in the file.
 */
#pragma once

#include <cstdint>
#include <vector>

#include "addon/napi.h"
#include "addon/origin.h"
#include "addon/stages.h"
#include "addon/write_batch.h"
#include "codec/chunk_codec.h"
#include "driver/space.h"

namespace hyperslab::addon {

/*
 * Starts the write-back of chunks in the background, several at a time. Chunks of other workers
 * between them are written back as well, which does no harm.
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

class Writing {
 public:
  Writing(Napi::Env env, ChunkCodec &codec, WriteBatch &batch, hs_space *space);

  /* The chunk whose first element is `at`. */
  void add(const std::vector<Piece> &pieces, const std::vector<uint64_t> &at, const Origin &origin);

  /* Returns { placements, checksums, stages, deflated }. All chunks are in the file then. */
  Napi::Object finish();

 private:
  /* Returns how many bytes have to be written for the chunk. */
  size_t store(const Encoded &chunk, const Origin &origin);
  void write_batch();
  void write_at(uint64_t address, const uint8_t *bytes, size_t size);

  Napi::Env env_;
  ChunkCodec &codec_;
  WriteBatch &batch_;
  hs_space *space_;
  BackgroundSync sync_;
  Stages stages_;
  StageClock clock_;
  EncodedBytes deflated_;
  std::vector<double> placements_;
  std::vector<uint64_t> checksums_;
};

}  // namespace hyperslab::addon
