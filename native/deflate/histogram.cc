#include "deflate/histogram.h"

#include <cstring>

#include "deflate/bits.h"

namespace hyperslab::deflate {

void Histogram::clear() { std::memset(tables_, 0, sizeof tables_); }

void Histogram::add(const uint8_t *bytes, size_t size) {
  const auto add8 = [this](uint64_t word) {
    for (int k = 0; k < tables; k++) tables_[k][static_cast<uint8_t>(word >> 8 * k)]++;
  };
  size_t i = 0;
  for (; i + 16 <= size; i += 16) {
    const uint64_t one = load64(bytes + i), other = load64(bytes + i + 8);
    add8(one);
    add8(other);
  }
  for (; i < size; i++) tables_[i % tables][bytes[i]]++;
}

void Histogram::sum(ByteCounts &counts) const {
  for (size_t i = 0; i < counts.size(); i++) {
    uint32_t all = 0;
    for (int k = 0; k < tables; k++) all += tables_[k][i];
    counts[i] = all;
  }
}

void PlaneCounter::begin() {
  known_ = 0;
  seen_.fill(false);
}

void PlaneCounter::count(const uint8_t *bytes, size_t size, ByteCounts &counts) {
  if (known_ > 0 && known_ <= few) {
    uint32_t each[few];
    if (count_values(bytes, size, values_, known_, each, path_) == size) {
      counts.fill(0);
      for (size_t k = 0; k < known_; k++) counts[values_[k]] = each[k];
      return;
    }
  }
  histogram_.clear();
  histogram_.add(bytes, size);
  histogram_.sum(counts);
  for (size_t value = 0; value < counts.size() && known_ <= few; value++) {
    if (counts[value] == 0 || seen_[value]) continue;
    seen_[value] = true;
    if (known_ < few) values_[known_] = static_cast<uint8_t>(value);
    known_++;
  }
}

}  // namespace hyperslab::deflate
