/* A search for matches, by chains of positions that have equal hashes. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deflate/prices.h"
#include "deflate/unit.h"

namespace hyperslab::deflate {

struct Search {
  unsigned depth;  /* candidates looked at for one match */
  uint32_t enough; /* once a match has this length, the search for it ends */
  bool lazy;       /* whether a better match one byte later is searched for */
};

class Matches {
 public:
  explicit Matches(const Search &search);

  static size_t memory();

  /*
   * Forgets everything and begins with a chunk. `size` bytes of it, below 2^31, are borrowed until
   * the last tokenise(); matches may reach back to its beginning. `least` is the length of the
   * shortest match that is searched for.
   */
  void begin(const uint8_t *chunk, size_t size, unsigned least);

  /*
   * Makes tokens of the `size` bytes at `at`, at most max_unit_size. Units come in order; some may
   * be left out.
   */
  void tokenise(size_t at, size_t size, const Prices &prices, Unit &unit);

 private:
  struct Found {
    uint32_t length = 0;
    uint32_t distance = 0;
    int64_t gain = 0;
  };

  template <typename Hash>
  void tokenise_by(const Hash &hash, size_t at, size_t size, const Prices &prices, Unit &unit);
  template <typename Hash>
  void insert(const Hash &hash, size_t at);
  template <typename Hash>
  Found find(const Hash &hash, size_t at, size_t end, size_t unit, const Prices &prices);
  uint32_t &short_head(size_t at);
  void consider(Found &best, size_t at, size_t unit, uint32_t length, uint32_t distance,
                const Prices &prices) const;
  void price_literals(size_t at, size_t size, const Prices &prices);

  Search search_;
  const uint8_t *chunk_ = nullptr;
  size_t limit_ = 0; /* positions from here on have too few bytes behind them to be hashed */
  unsigned hashed_ = 0; /* bytes */
  bool short_ = false; /* whether matches of 3 bytes are looked for */
  size_t inserted_ = 0;
  std::vector<uint32_t> heads_; /* 1 + the last position that has each hash, or 0 */
  std::vector<uint32_t>
      previous_; /* for each position in the window, 1 + the last one before with its hash */
  std::vector<uint32_t> short_heads_;
  std::vector<uint32_t> literal_sums_; /* price of all literals of the unit before each byte */
};

}  // namespace hyperslab::deflate
