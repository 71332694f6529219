/*
 * Runs encoders on the chunks of one row in turn, so that a machine that is busy for a while slows
 * all of them down. Figures are sums over the chunks; the time of a chunk is the shortest of all
 * runs.
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
  std::vector<std::string> encoders; /* names for make_encoder() */
  std::vector<int> levels;
  int runs = 1;
  Path path = best_path(); /* of ours */
};

/* The results of one encoder for all chunks. */
struct Figures {
  std::string encoder;
  int level = 0;
  Elapsed seconds;
  int runs = 0;        /* fewer than asked for if one takes long */
  uint64_t stream = 0; /* bytes of the streams */
  uint64_t stored = 0; /* as HDF5 stores it: the smaller of each chunk and its stream */
  EncodedBytes encoded; /* of one run, for our encoder only */
};

struct Measured {
  size_t chunks = 0;
  size_t chunk_bytes = 0;
  std::vector<Figures> figures;
};

/*
 * Every stream of our encoder is decoded by zlib and libdeflate and made again on every other path
 * of this machine, outside the measured times. Throws std::runtime_error if a stream is wrong,
 * paths differ, or the file does not hold whole chunks; std::invalid_argument for an unknown
 * encoder or level.
 */
Measured measure(const RowFile &row, const Trial &trial);

}  // namespace hyperslab
