/*
 * Encoders on the chunks of one row, in turn, so that a machine that is busy for a while is busy
 * for all of them. Figures are sums over the chunks; of each chunk's times the least of all runs
 * counts.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "deflate/bench/clock.h"
#include "deflate/encoder.h"

namespace hyperslab {

/* Raw chunks, one after the other in a file. */
struct RowFile {
  std::string path;
  size_t item_size = 1;
  std::vector<size_t> chunk; /* items along each axis */
  size_t max_chunks = 0;    /* 0 for all */
};

struct Trial {
  std::vector<std::string> encoders; /* as make_encoder() knows them */
  std::vector<int> levels;
  int runs = 1;
  Path path = best_path(); /* of ours */
};

/* What one encoder made of all chunks. */
struct Figures {
  std::string encoder;
  int level = 0;
  Elapsed seconds;
  int runs = 0;        /* fewer than asked for where one takes long */
  uint64_t stream = 0; /* bytes of the streams */
  uint64_t stored = 0; /* as HDF5 stores it: of each chunk what is smaller, it or its stream */
  EncodedBytes encoded; /* of one run; of ours only */
};

struct Measured {
  size_t chunks = 0;
  size_t chunk_bytes = 0;
  std::vector<Figures> figures;
};

/*
 * Every stream of ours is decoded by zlib and by libdeflate, and made again on every other path of
 * this machine, outside of the times. Throws std::runtime_error where a stream is wrong, paths
 * differ or the file does not hold whole chunks, std::invalid_argument for an unknown encoder or
 * level.
 */
Measured measure(const RowFile &row, const Trial &trial);

}  // namespace hyperslab
