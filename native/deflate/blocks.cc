#include "deflate/blocks.h"

#include <algorithm>
#include <tuple>

#include "deflate/literals.h"

namespace hyperslab::deflate {
namespace {

/* The most tokens of a block; a unit that would exceed it begins another. */
constexpr size_t max_tokens = max_unit_size / 2;
static_assert(max_tokens >= std::tuple_size_v<decltype(Unit::tokens)>);

/* About the cost of a header: a constant, and a part for each symbol used. */
constexpr Cost header = 80 * one_bit, header_symbol = 3 * one_bit;

constexpr size_t max_stored = 65535;
constexpr size_t stored_header = 5;

/* The type of block with fixed codes, and the bits of an empty one. */
constexpr unsigned fixed = 1, empty_block = 10;

/* Shorter runs of literals are written one by one: starting write_literals() costs more. */
constexpr uint32_t short_run = 16;

}  // namespace

Blocks::Blocks(Path path) : path_(path) { tokens_.reserve(max_tokens); }

size_t Blocks::memory() { return sizeof(Blocks) + max_tokens * sizeof(Token); }

void Blocks::begin(uint8_t *out, size_t room) {
  out_ = BitWriter{out};
  end_ = out + room;
  full_ = false;
  size_ = 0;
}

bool Blocks::add(const uint8_t *bytes, size_t size, const Unit &unit) {
  if (size_ > 0 && !stored_ && join(size, unit)) return true;
  write(false);
  bytes_ = bytes;
  size_ = size;
  stored_ = false;
  tokens_.clear();
  append(unit, 0);
  counts_ = unit.counts;
  cost_ = unit.cost;
  return false;
}

bool Blocks::add_stored(const uint8_t *bytes, size_t size) {
  const bool joins = size_ > 0 && stored_;
  if (!joins) {
    write(false);
    bytes_ = bytes;
    size_ = 0;
    stored_ = true;
  }
  size_ += size;
  return joins;
}

/* Joins the unit to the pending block, unless a block of its own would be cheaper. */
bool Blocks::join(size_t size, const Unit &unit) {
  if (tokens_.size() + unit.token_count > max_tokens) return false;
  SymbolCounts counts = counts_;
  counts.add(unit.counts);
  Token &last = tokens_.back();
  const Token &first = unit.tokens[0];
  const bool goes_on =
      last.length > 0 && first.length > 0 && first.literals == 0 && first.distance == last.distance;
  if (goes_on) {
    counts.add_match(last.length, last.distance, -1u);
    counts.add_match(first.length, first.distance, -1u);
    counts.add_match(last.length + first.length, last.distance);
  }
  const CodeCost joined = counts.estimate();
  const Cost apart = cost_.cost + unit.cost.cost;
  /* A little more is accepted, as blocks also take time. */
  const Cost allowed =
      apart + apart / 1024 + header + header_symbol * std::min(unit.cost.used, cost_.used);
  if (joined.cost > allowed) return false;
  size_ += size;
  counts_ = counts;
  cost_ = joined;
  if (goes_on) last.length += first.length;
  append(unit, goes_on);
  return true;
}

void Blocks::append(const Unit &unit, size_t first) {
  const Token *from = unit.tokens.data() + first;
  const Token *to = unit.tokens.data() + unit.token_count;
  if (from < to && !tokens_.empty() && tokens_.back().length == 0) {
    tokens_.back() = {tokens_.back().literals + from->literals, from->length, from->distance};
    from++;
  }
  tokens_.insert(tokens_.end(), from, to);
}

/*
 * Whether that many bits fit, together with the overrun of stores. If not, nothing is written from
 * then on.
 */
bool Blocks::fits(uint64_t bits) {
  const auto left = static_cast<uint64_t>(end_ - out_.next);
  if ((bits + out_.count) / 8 + 1 + std::max(BitWriter::overrun, literals_overrun) > left)
    full_ = true;
  return !full_;
}

void Blocks::write(bool last) {
  if (size_ == 0 || full_) return;
  if (stored_)
    write_stored(last);
  else
    write_coded(last);
  size_ = 0;
}

void Blocks::write_coded(bool last) {
  code_.make(counts_);
  const uint64_t bits = code_.block_bits(counts_);
  /* Compared with the true size: the estimate leaves the header out. */
  if (bits >= 8 * (size_ + stored_header)) return write_stored(last);
  if (!fits(bits)) return;
  code_.write_header(out_, last);
  write_tokens();
  code_.write_end(out_);
}

void Blocks::write_tokens() {
  const uint8_t *at = bytes_;
  for (const Token &token : tokens_) {
    if (token.literals < short_run)
      for (uint32_t i = 0; i < token.literals; i++) code_.write(out_, at[i]);
    else
      write_literals(out_, at, token.literals, code_, path_);
    if (token.length > 0) code_.write_match(out_, token.length, token.distance);
    at += token.literals + token.length;
  }
}

void Blocks::write_stored(bool last) {
  const uint8_t *at = bytes_;
  for (size_t left = size_; left > 0;) {
    const size_t part = std::min(left, max_stored);
    if (!fits(8 * (part + stored_header))) return;
    left -= part;
    out_.put(last && left == 0, 3);
    out_.align();
    const auto length = static_cast<uint32_t>(part);
    const uint32_t both = length | (~length & 0xffff) << 16;
    std::memcpy(out_.next, &both, sizeof both);
    std::memcpy(out_.next + sizeof both, at, part);
    out_.next += sizeof both + part;
    at += part;
  }
}

uint8_t *Blocks::finish() {
  if (size_ == 0 && !full_ && fits(empty_block)) {
    /* There was no input. */
    out_.put(fixed << 1 | 1, 3);
    out_.put(0, 7);
  }
  write(true);
  if (full_) return nullptr;
  out_.align();
  return out_.next;
}

}  // namespace hyperslab::deflate
