/*
 * Writes units as the blocks of a stream. Consecutive units are joined to one block as long as one
 * code serves them about as well as codes of their own would, each of which needs a header.
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
   * Begins a stream of at most `room` bytes at `out`. Bytes given to add() and add_stored() are
   * borrowed until finish().
   */
  void begin(uint8_t *out, size_t room);

  /*
   * Calls come in the order of the bytes and leave nothing out. They return whether the bytes were
   * joined to the pending block.
   */
  bool add(const uint8_t *bytes, size_t size, const Unit &unit);
  bool add_stored(const uint8_t *bytes, size_t size);

  /* Whether the room was too small. Nothing is written from then on. */
  bool full() const { return full_; }

  /*
   * Writes the pending block as the last one. Returns its end, or null if the room was too small.
   */
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

  const uint8_t *bytes_ = nullptr; /* the pending block, which is coded or stored */
  size_t size_ = 0;
  bool stored_ = false;
  std::vector<Token> tokens_;
  SymbolCounts counts_;
  CodeCost cost_{};
  BlockCode code_;
};

}  // namespace hyperslab::deflate
