/*
 * Every kernel must give the same bytes as a simple loop, on every path, and touch no others.
 */
#include <algorithm>
#include <utility>

#include "kernels/fletcher32.h"
#include "kernels/gather_planes.h"
#include "kernels/shuffle.h"
#include "kernels/swap.h"
#include "testing/checks.h"

using checks::check;
using checks::Fenced;
using checks::Guarded;
using checks::random_bytes;
using hyperslab::Path;
using hyperslab::paths;
using Bytes = std::vector<uint8_t>;

namespace {

constexpr size_t max_bytes = 1 << 20;

std::string on(Path path) { return std::string(" on ") + name_of(path); }

Bytes shuffled(const Bytes &in, size_t item) {
  const size_t items = in.size() / item;
  Bytes out = in;
  for (size_t i = 0; i < items; i++)
    for (size_t p = 0; p < item; p++) out[p * items + i] = in[i * item + p];
  return out;
}

void check_shuffle(Random &random, Fenced &memory, size_t size, size_t item) {
  const Bytes in = random_bytes(random, size), planes = shuffled(in, item);
  for (const Path path : paths()) {
    const auto tell = [&](const char *what) {
      return what + (" of " + std::to_string(size)) + " bytes in items of " + std::to_string(item) +
             on(path);
    };
    Guarded out(size), back(size);
    hyperslab::shuffle(memory.hold(in), size, item, out.data(), path);
    check(out.hold(planes), [&] { return tell("shuffle"); });
    hyperslab::unshuffle(memory.hold(planes), size, item, back.data(), path);
    check(back.hold(in), [&] { return tell("unshuffle"); });
  }
}

void check_shuffles(Random &random, Fenced &memory) {
  for (size_t item = 1; item <= 20; item++) {
    for (size_t size = 0; size <= 600; size++) check_shuffle(random, memory, size, item);
    for (int k = 0; k < 40; k++) check_shuffle(random, memory, random.upto(5000), item);
    for (int k = 0; k < 3; k++) check_shuffle(random, memory, random.upto(max_bytes), item);
  }
}

/*
 * Rows that lie `apart` bytes from each other; in reverse order if that is negative.
 */
void check_gather(Random &random, Fenced &memory, size_t rows, size_t items, size_t item,
                  int64_t apart) {
  const size_t step = static_cast<size_t>(std::abs(apart));
  const Bytes in = random_bytes(random, (rows - 1) * step + items * item);
  const uint8_t *first = memory.hold(in) + (apart < 0 ? (rows - 1) * step : 0);
  const size_t row = items + (random.upto(1) ? random.upto(9) : 0);
  const size_t plane = rows * row + random.upto(9);
  for (const bool swap : {false, true}) {
    Bytes planes(plane * (item - 1) + rows * row, Guarded::mark);
    for (size_t r = 0; r < rows; r++)
      for (size_t i = 0; i < items; i++)
        for (size_t p = 0; p < item; p++)
          planes[(swap ? item - 1 - p : p) * plane + r * row + i] =
              first[static_cast<int64_t>(r) * apart + static_cast<int64_t>(i * item + p)];
    for (const Path path : paths()) {
      Guarded out(planes.size());
      hyperslab::gather_planes(first, {rows, items, item, apart, static_cast<int64_t>(row)}, swap,
                               out.data(), plane, path);
      check(out.hold(planes), [&] {
        return std::string(swap ? "swapped " : "") + "planes of " + std::to_string(rows) +
               " rows of " + std::to_string(items) + " items of " + std::to_string(item) + ", " +
               std::to_string(apart) + " bytes apart" + on(path);
      });
    }
  }
}

void check_gathers(Random &random, Fenced &memory) {
  /* Lengths around the sizes of registers. */
  const size_t lengths[] = {1, 2, 5, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 96, 130, 385};
  for (size_t item = 2; item <= 20; item++)
    for (const size_t items : lengths)
      for (const size_t rows : {1, 2, 7, 20}) {
        const int64_t row = static_cast<int64_t>(items * item);
        for (const int64_t apart : {row, row + 3, row + 128, -row, -row - 5})
          check_gather(random, memory, rows, items, item, apart);
      }
}

void check_swap(Random &random, Fenced &memory, size_t items, size_t item) {
  const Bytes in = random_bytes(random, items * item);
  Bytes reversed = in;
  for (size_t i = 0; i < items; i++)
    std::reverse(reversed.begin() + static_cast<std::ptrdiff_t>(i * item),
                 reversed.begin() + static_cast<std::ptrdiff_t>((i + 1) * item));
  for (const Path path : paths()) {
    Guarded out(in.size());
    hyperslab::swap_items(memory.hold(in), items, item, out.data(), path);
    check(out.hold(reversed), [&] {
      return "swap of " + std::to_string(items) + " items of " + std::to_string(item) + on(path);
    });
  }
}

void check_swaps(Random &random, Fenced &memory) {
  for (const size_t item : {2, 4, 8}) {
    for (size_t items = 0; items <= 200; items++) check_swap(random, memory, items, item);
    for (int k = 0; k < 5; k++) check_swap(random, memory, random.upto(max_bytes / 8), item);
  }
}

/* As in the specification of HDF5, with carries folded in after every word. */
uint32_t naive_fletcher32(const Bytes &bytes) {
  uint32_t first = 0, second = 0;
  const auto fold = [](uint32_t sum) { return (sum & 0xffff) + (sum >> 16); };
  for (size_t k = 0; k < bytes.size(); k += 2) {
    const uint32_t low = k + 1 < bytes.size() ? bytes[k + 1] : 0;
    first = fold(fold(first + (uint32_t{bytes[k]} << 8) + low));
    second = fold(fold(second + first));
  }
  return second << 16 | first;
}

void check_fletcher32(Fenced &memory, const Bytes &bytes) {
  const uint32_t expected = naive_fletcher32(bytes);
  const uint8_t *in = memory.hold(bytes);
  for (const Path path : paths())
    check(hyperslab::fletcher32(in, bytes.size(), path) == expected,
          [&] { return "fletcher32 of " + std::to_string(bytes.size()) + " bytes" + on(path); });
}

void check_fletchers(Random &random, Fenced &memory) {
  for (size_t size = 0; size <= 600; size++) {
    check_fletcher32(memory, random_bytes(random, size));
    check_fletcher32(memory, Bytes(size, 0x00));
    check_fletcher32(memory, Bytes(size, 0xff));
  }
  for (int k = 0; k < 20; k++) {
    const size_t size = random.upto(max_bytes);
    check_fletcher32(memory, random_bytes(random, size));
    check_fletcher32(memory, Bytes(size, 0xff));
    Bytes sparse(size + 1, 0x00);
    sparse[random.upto(size)] = random.byte();
    check_fletcher32(memory, sparse);
  }
}

/*
 * The well-known vectors are sums of little-endian words, so the bytes of both halves are swapped.
 */
void check_known_fletchers() {
  const std::pair<std::string, uint32_t> known[] = {
      {"abcde", 0x4ff029c7}, {"abcdef", 0x50562a2d}, {"abcdefgh", 0xe1eb9195}};
  for (const auto &vector : known)
    for (const Path path : paths()) {
      const uint8_t *in = reinterpret_cast<const uint8_t *>(vector.first.data());
      check(hyperslab::fletcher32(in, vector.first.size(), path) == vector.second,
            [&] { return "fletcher32 of " + vector.first + on(path); });
    }
}

}  // namespace

int main() {
  Random random(1);
  Fenced memory(max_bytes + 64);
  check_shuffles(random, memory);
  check_gathers(random, memory);
  check_swaps(random, memory);
  check_fletchers(random, memory);
  check_known_fletchers();
  check(paths()[0] == Path::plain, [] { return "the plain path is there"; });
  return checks::report();
}
