/*
 * Test data for encoders of byte planes, of the kinds that chunks consist of. Made with whole
 * numbers only, so that they are the same on every machine.
 */
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "testing/random.h"

namespace corpus {

using Bytes = std::vector<uint8_t>;

/* Returns the value of item `k`. Items are asked for in order. */
using Values = std::function<int64_t(size_t k)>;

struct Series {
  std::string name;
  std::function<Values(Random &)> begin; /* the generator must outlive the result */
};

inline int64_t noise(Random &random, unsigned bits) {
  return static_cast<int64_t>((random.next() >> (64 - bits)) - (uint64_t{1} << (bits - 1)));
}

/* Approximately normal, with a standard deviation of 209. */
inline int64_t sum_of_noise(Random &random) {
  int64_t sum = 0;
  for (int k = 0; k < 8; k++) sum += noise(random, 8);
  return sum;
}

/* Items that repeat after `period`, with some bits of noise. */
inline Series periodic(size_t period, unsigned bits) {
  const std::string changed = bits ? " with " + std::to_string(bits) + " bits of noise" : "";
  return {"period of " + std::to_string(period) + changed, [=](Random &random) {
            std::vector<int64_t> table(period);
            for (int64_t &value : table) value = noise(random, 16);
            return [=, &random, table = std::move(table)](size_t k) {
              return table[k % period] + (bits ? noise(random, bits) : 0);
            };
          }};
}

/* Words of a small language, some more frequent than others; each item is a character. */
inline Values text(Random &random) {
  std::vector<std::string> words(300);
  for (std::string &word : words)
    for (size_t k = random.upto(7) + 2; k > 0; k--)
      word += "etaoinshrdlu"[random.upto(random.upto(11))];
  return [&random, words, rest = std::string()](size_t) mutable {
    if (rest.empty()) rest = words[random.upto(random.upto(words.size() - 1))] + ' ';
    const char letter = rest.front();
    rest.erase(0, 1);
    return int64_t{letter};
  };
}

inline Values walk(Random &random) {
  return [&random, value = int64_t{0}](size_t) mutable { return value += noise(random, 4); };
}

inline std::vector<Series> pure_series() {
  std::vector<Series> all = {
      {"constant", [](Random &) { return [](size_t) { return int64_t{0x123}; }; }},
      {"ramp", [](Random &) { return [](size_t k) { return static_cast<int64_t>(k); }; }},
      {"steep ramp",
       [](Random &) { return [](size_t k) { return static_cast<int64_t>(k * 37); }; }},
  };
  for (const unsigned bits : {1, 2, 3, 4, 5, 6, 7, 8, 64})
    all.push_back({"noise of " + std::to_string(bits) + " bits", [=](Random &random) {
                     return [=, &random](size_t) { return noise(random, bits); };
                   }});
  for (const int64_t narrow : {1, 16})
    all.push_back({"sums of noise by " + std::to_string(narrow), [=](Random &random) {
                     return [=, &random](size_t) { return sum_of_noise(random) / narrow; };
                   }});
  for (const size_t period : {1, 2, 16, 64, 385, 5000, 40000}) all.push_back(periodic(period, 0));
  all.push_back(periodic(385, 2));
  all.push_back({"text", text});
  all.push_back({"sparse", [](Random &random) {
                   return [&](size_t) { return random.upto(199) ? 0 : noise(random, 12); };
                 }});
  all.push_back({"walk", walk});
  all.push_back({"noise that drifts", [](Random &random) {
                   return [&](size_t k) {
                     return static_cast<int64_t>(k / 3000 * 11) + noise(random, 1 + k / 9000 % 7);
                   };
                 }});
  all.push_back({"bursts of noise", [](Random &random) {
                   return [&](size_t k) { return k % 1500 < 1300 ? 7 : noise(random, 10); };
                 }});
  return all;
}

/* Another kind every 10000 items. */
inline Values mixture(Random &random) {
  const std::vector<Series> all = pure_series();
  std::vector<Values> parts;
  for (const Series &series : all) parts.push_back(series.begin(random));
  return [parts](size_t k) { return parts[k / 10000 * 7 % parts.size()](k); };
}

inline std::vector<Series> all_series() {
  std::vector<Series> all = pure_series();
  all.push_back({"mixture", mixture});
  return all;
}

/*
 * The bytes of little-endian items of `planes` bytes after the shuffle filter. Bytes that are left
 * over lie behind them.
 */
inline Bytes planes_of(const Series &series, size_t size, size_t planes) {
  Random random(size * 31 + planes);
  const Values values = series.begin(random);
  const size_t items = size / planes;
  Bytes bytes(size);
  for (size_t k = 0; k < items; k++) {
    const int64_t value = values(k);
    for (size_t p = 0; p < planes; p++)
      bytes[p * items + k] = static_cast<uint8_t>(value >> (8 * p));
  }
  for (size_t k = items * planes; k < size; k++) bytes[k] = static_cast<uint8_t>(values(items));
  return bytes;
}

}  // namespace corpus
