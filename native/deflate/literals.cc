#include "deflate/literals.h"

namespace hyperslab::deflate {
namespace {

/*
 * Joins the codes of `Group` literals in one word, the last one highest. Below the codes lie
 * remains of their lengths, which are shifted out in the end. `Group` is small enough for a
 * BitWriter to hold the result.
 */
template <int Group>
size_t write_groups(BitWriter &out, const uint8_t *bytes, size_t size, const uint64_t *codes) {
  BitWriter writer = out; /* a copy, which stores to memory can't change */
  size_t i = 0;
  for (; i + Group <= size; i += Group) {
    uint64_t joined = codes[bytes[i]];
    uint64_t widths = joined;
    for (int k = 1; k < Group; k++) {
      const uint64_t code = codes[bytes[i + k]];
      joined = joined >> (code & 63) | code;
      widths += code;
    }
    const unsigned width = static_cast<uint8_t>(widths);
    writer.put(joined >> (64 - width), width);
    writer.flush();
  }
  out = writer;
  return i;
}

size_t write_grouped(BitWriter &out, const uint8_t *bytes, size_t size, const BlockCode &code) {
  if (code.longest_literal() <= 9) return write_groups<6>(out, bytes, size, code.literals());
  if (code.longest_literal() <= 11) return write_groups<5>(out, bytes, size, code.literals());
  return write_groups<4>(out, bytes, size, code.literals());
}

}  // namespace

void write_literals(BitWriter &out, const uint8_t *bytes, size_t size, const BlockCode &code,
                    Path path) {
  size_t done = 0;
#ifdef HYPERSLAB_X86
  if (path == Path::avx512 && size >= 64) done = write_literals_avx512(out, bytes, size, code);
#else
  (void)path;
#endif
  done += write_grouped(out, bytes + done, size - done, code);
  for (; done < size; done++) code.write(out, bytes[done]);
}

}  // namespace hyperslab::deflate
