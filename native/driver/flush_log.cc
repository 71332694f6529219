#include "driver/flush_log.h"

#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace {

constexpr uint8_t signature[8] = {0x89, 'H', 'S', 'F', 'L', 'U', 'S', 'H'};
constexpr size_t record_header = 32;
/* Bytes that are written, or summed, in one step. */
constexpr size_t block_bytes = 1 << 18;

void put_number(uint8_t *to, uint64_t number) {
  for (int k = 0; k < 8; k++) to[k] = static_cast<uint8_t>(number >> 8 * k);
}

uint64_t get_number(const uint8_t *from) {
  uint64_t number = 0;
  for (int k = 0; k < 8; k++) number |= static_cast<uint64_t>(from[k]) << 8 * k;
  return number;
}

class Sum {
 public:
  Sum() : state_(XXH3_createState(), XXH3_freeState) {
    if (!state_) throw std::bad_alloc();
    XXH3_64bits_reset(state_.get());
  }
  void add(const void *bytes, size_t size) { XXH3_64bits_update(state_.get(), bytes, size); }
  uint64_t digest() const { return XXH3_64bits_digest(state_.get()); }

 private:
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t *)> state_;
};

/* Sets `sum` to the checksum of bytes of the file. */
int sum_of(hs_space *space, uint64_t address, uint64_t size, uint64_t &sum) {
  std::vector<uint8_t> block(std::min<uint64_t>(size, block_bytes));
  Sum all;
  while (size > 0) {
    const size_t count = std::min<uint64_t>(size, block.size());
    if (const int error = hs_space_read(space, block.data(), count, address)) return error;
    all.add(block.data(), count);
    address += count;
    size -= count;
  }
  sum = all.digest();
  return 0;
}

struct Trailer {
  uint64_t begin, size, records, sum;

  void encode(uint8_t *to) const {
    std::memcpy(to, signature, 8);
    put_number(to + 8, begin);
    put_number(to + 16, size);
    put_number(to + 24, records);
    put_number(to + 32, sum);
    put_number(to + 40, XXH3_64bits(to, 40));
  }

  /* Whether the bytes are the trailer of a log that ends a file of `file` bytes. */
  bool decode(const uint8_t *from, uint64_t file) {
    if (std::memcmp(from, signature, 8) != 0 || get_number(from + 40) != XXH3_64bits(from, 40))
      return false;
    begin = get_number(from + 8);
    size = get_number(from + 16);
    records = get_number(from + 24);
    sum = get_number(from + 32);
    return begin <= file - HS_FLUSH_TRAILER && size == file - HS_FLUSH_TRAILER - begin;
  }
};

class Writer {
 public:
  Writer(hs_space *space, uint64_t begin) : space_(space), trailer_{begin, 0, 0, 0} {
    block_.reserve(block_bytes);
  }

  int add(const hs_deferred_block &block) {
    uint8_t header[record_header];
    uint64_t moved = 0;
    if (block.from != HS_NOWHERE)
      if (const int error = sum_of(space_, block.from, block.size, moved)) return error;
    put_number(header, block.address);
    put_number(header + 8, block.size);
    put_number(header + 16, block.from);
    put_number(header + 24, moved);
    trailer_.records++;
    const int error = put(header, sizeof header);
    return error || !block.bytes ? error : put(block.bytes, block.size);
  }

  int end() {
    if (const int error = write_block()) return error;
    trailer_.sum = sum_.digest();
    uint8_t bytes[HS_FLUSH_TRAILER];
    trailer_.encode(bytes);
    return hs_space_write(space_, bytes, sizeof bytes, trailer_.begin + trailer_.size);
  }

 private:
  int put(const uint8_t *bytes, uint64_t size) {
    sum_.add(bytes, size);
    while (size > 0) {
      const size_t count = std::min<uint64_t>(size, block_bytes - block_.size());
      block_.insert(block_.end(), bytes, bytes + count);
      bytes += count;
      size -= count;
      if (block_.size() < block_bytes) continue;
      if (const int error = write_block()) return error;
    }
    return 0;
  }

  int write_block() {
    const int error =
        hs_space_write(space_, block_.data(), block_.size(), trailer_.begin + trailer_.size);
    trailer_.size += block_.size();
    block_.clear();
    return error;
  }

  hs_space *space_;
  Trailer trailer_;
  Sum sum_;
  std::vector<uint8_t> block_;
};

int add_block(void *writer, const hs_deferred_block *block) {
  return static_cast<Writer *>(writer)->add(*block);
}

bool lies_within(uint64_t address, uint64_t size, uint64_t end) {
  return address <= end && size <= end - address;
}

/* A record: where its bytes lie, in the file or in the log, and where they belong. */
struct Record {
  uint64_t from, to, size, sum;
  bool is_move;
};

/* Sets `ours` to whether the records are well formed. */
int read_records(hs_space *space, const Trailer &trailer, std::vector<Record> &records,
                 bool &ours) {
  uint64_t next = trailer.begin, left = trailer.size;
  ours = false;
  for (uint64_t k = 0; k < trailer.records; k++) {
    if (left < record_header) return 0;
    uint8_t header[record_header];
    if (const int error = hs_space_read(space, header, sizeof header, next)) return error;
    next += record_header;
    left -= record_header;
    Record record{get_number(header + 16), get_number(header), get_number(header + 8),
                  get_number(header + 24), true};
    if (record.size == 0 || !lies_within(record.to, record.size, trailer.begin)) return 0;
    if (record.from == HS_NOWHERE) {
      if (record.size > left) return 0;
      record.is_move = false;
      record.from = next;
      next += record.size;
      left -= record.size;
    } else if (!lies_within(record.from, record.size, trailer.begin)) {
      return 0;
    }
    records.push_back(record);
  }
  ours = left == 0;
  return 0;
}

/* Enters the records of a complete log as deferred moves. */
int take(hs_space *space, hs_deferred *deferred, const std::vector<Record> &records) {
  for (const Record &record : records) {
    if (record.is_move) {
      uint64_t found = 0;
      if (const int error = sum_of(space, record.from, record.size, found)) return error;
      if (found != record.sum) return EBADMSG;
    }
    if (const int error = hs_deferred_move(deferred, record.from, record.to, record.size))
      return error;
  }
  return 0;
}

template <typename Body>
int guard(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return ENOMEM;
  }
}

}  // namespace

int hs_flush_log_write(const hs_deferred *deferred, hs_space *space, uint64_t begin) {
  return guard([&] {
    Writer writer(space, begin);
    const int error = hs_deferred_each(deferred, add_block, &writer);
    return error ? error : writer.end();
  });
}

int hs_flush_log_read(hs_space *space, uint64_t size, hs_deferred *deferred, uint64_t *begin) {
  *begin = size;
  if (size < HS_FLUSH_TRAILER) return 0;
  return guard([&] {
    uint8_t end[HS_FLUSH_TRAILER];
    if (const int error = hs_space_read(space, end, sizeof end, size - HS_FLUSH_TRAILER))
      return error;
    Trailer trailer{};
    if (!trailer.decode(end, size)) return 0;
    uint64_t sum = 0;
    if (const int error = sum_of(space, trailer.begin, trailer.size, sum)) return error;
    if (sum != trailer.sum) return 0;
    std::vector<Record> records;
    bool ours = false;
    if (const int error = read_records(space, trailer, records, ours)) return error;
    if (!ours) return 0;
    *begin = trailer.begin;
    return take(space, deferred, records);
  });
}
