#include "deflate/bench/measure.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>

#include "deflate/bench/peers.h"
#include "deflate/bench/verify.h"

namespace hyperslab {
namespace {

/* An encoder that takes longer than this for a row runs only once. */
constexpr double slow_seconds = 0.5;

constexpr double never = std::numeric_limits<double>::infinity();

struct Contender {
  Figures figures;
  std::unique_ptr<Encoder> encoder;
  std::vector<std::unique_ptr<Encoder>> other_paths; /* of ours */
  std::vector<Elapsed> best;                         /* of each chunk */
};

std::vector<uint8_t> read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
  if (bytes.empty())
    throw std::runtime_error("Expected chunks in " + path + " but received nothing");
  return bytes;
}

/*
 * As in H5Zshuffle.c. Written here, so that the benchmark uses nothing of the library but the
 * encoder.
 */
void shuffle_items(const uint8_t *in, size_t size, size_t item_size, uint8_t *out) {
  for (size_t p = 0; p < item_size; p++)
    for (size_t at = p; at < size; at += item_size) *out++ = in[at];
}

std::vector<Contender> contenders(const Trial &trial, const Planes &planes, size_t chunks) {
  std::vector<Contender> all;
  for (const int level : trial.levels)
    for (const std::string &name : trial.encoders) {
      Contender one;
      one.figures.encoder = name;
      one.figures.level = level;
      one.encoder = make_encoder(name, level, planes, trial.path);
      if (name == "ours")
        for (const Path path : paths())
          if (path != trial.path)
            one.other_paths.push_back(make_encoder(name, level, planes, path));
      one.best.assign(chunks, {never, never});
      all.push_back(std::move(one));
    }
  return all;
}

void verify(Contender &one, const std::vector<uint8_t> &in, const uint8_t *stream, size_t size) {
  if (one.figures.encoder != "ours") return;
  verify_stream(stream, size, in);
  std::vector<uint8_t> again(room_for(in.size()));
  for (const auto &other : one.other_paths) {
    const size_t other_size = other->compress(in.data(), in.size(), again.data());
    if (other_size != size || std::memcmp(again.data(), stream, size) != 0)
      throw std::runtime_error("Expected the same " + std::to_string(size) +
                               " bytes on every path but received " + std::to_string(other_size) +
                               " others");
  }
}

}  // namespace

Measured measure(const RowFile &row, const Trial &trial) {
  const std::vector<uint8_t> bytes = read_file(row.path);
  Measured measured;
  measured.chunk_bytes = row.item_size;
  for (const size_t length : row.chunk) measured.chunk_bytes *= length;
  if (bytes.size() % measured.chunk_bytes != 0)
    throw std::runtime_error("Expected whole chunks of " + std::to_string(measured.chunk_bytes) +
                             " bytes in " + row.path + " but received " +
                             std::to_string(bytes.size()) + " bytes");
  measured.chunks = bytes.size() / measured.chunk_bytes;
  if (row.max_chunks > 0) measured.chunks = std::min(measured.chunks, row.max_chunks);

  const Planes planes = {row.item_size, row.chunk.size() > 1 ? row.chunk.back() : 0};
  std::vector<Contender> all = contenders(trial, planes, measured.chunks);
  std::vector<uint8_t> chunk(measured.chunk_bytes);
  std::vector<uint8_t> stream(room_for(measured.chunk_bytes));
  for (int run = 0; run < trial.runs; run++) {
    for (size_t at = 0; at < measured.chunks; at++) {
      shuffle_items(bytes.data() + at * chunk.size(), chunk.size(), row.item_size, chunk.data());
      for (Contender &one : all) {
        Figures &figures = one.figures;
        if (run > 0 && figures.seconds.cpu > slow_seconds) continue;
        const Stopwatch stopwatch;
        const size_t size = one.encoder->compress(chunk.data(), chunk.size(), stream.data());
        const Elapsed took = stopwatch.elapsed();
        if (size == 0)
          throw std::runtime_error("Expected a stream of " + figures.encoder +
                                   " but received none");
        one.best[at] = {std::min(one.best[at].cpu, took.cpu),
                        std::min(one.best[at].wall, took.wall)};
        if (run > 0) continue;
        figures.encoded += one.encoder->encoded();
        figures.stream += size;
        figures.stored += std::min(size, chunk.size());
        verify(one, chunk, stream.data(), size);
      }
    }
    for (Contender &one : all) {
      Figures &figures = one.figures;
      if (run > 0 && figures.seconds.cpu > slow_seconds) continue;
      figures.runs++;
      figures.seconds = {};
      for (const Elapsed &best : one.best) {
        figures.seconds.cpu += best.cpu;
        figures.seconds.wall += best.wall;
      }
    }
  }
  for (Contender &one : all) measured.figures.push_back(std::move(one.figures));
  return measured;
}

}  // namespace hyperslab
