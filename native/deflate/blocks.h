/*
 * The blocks of a stream. Units that come one after the other are joined to one block for as long
 * as one code serves them all about as well as codes of their own would, each with its header.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cpu/path.h"
#include "deflate/bits.h"
#include "deflate/block_code.h"
#include "deflate/unit.h"

namespace hyperslab::deflate {

class Blocks {
 public:
  explicit Blocks(Path path);

  static size_t memory();

  /*
   * Begins a stream of which `room` bytes may be used, from `out` on. Bytes that are given to the
   * others must stay until finish().
   */
  void begin(uint8_t *out, size_t room);

  /* Both come in order and leave nothing out. They tell whether what is added was joined to a
   * block. */
  bool add(const uint8_t *bytes, size_t size, const Unit &unit);
  bool add_stored(const uint8_t *bytes, size_t size);

  /* Whether the room was too small: what is added is not written any more. */
  bool full() const { return full_; }

  /* Writes what is pending, the last block marked as such. Returns its end, or null if the room was
   * too small. */
  uint8_t *finish();

 private:
  bool join(size_t size, const Unit &unit);
  void append(const Unit &unit, size_t first);
  void write(bool last);
  void write_coded(bool last);
  void write_stored(bool last);
  void write_tokens();
  bool fits(uint64_t bits);

  Path path_;
  BitWriter out_{nullptr};
  const uint8_t *end_ = nullptr;
  bool full_ = false;

  const uint8_t *bytes_ = nullptr; /* of the pending block, which is coded or stored */
  size_t size_ = 0;
  bool stored_ = false;
  std::vector<Token> tokens_;
  SymbolCounts counts_;
  CodeCost cost_{};
  BlockCode code_;
};

}  // namespace hyperslab::deflate
