/*
 * Writes the first inputs of fuzz_deflate: recordings, images, counters and events.
 *
 *     fuzz_deflate_seeds FOLDER
 */
#include "deflate/fuzz/recipe.h"
#include "testing/seed.h"

namespace {

/*
 * The beginning of an input of fuzz_deflate: with all its room, after a part of the chunk was
 * compressed.
 */
Seed stream_seed(int level, size_t planes, size_t row) {
  Seed seed;
  seed.byte(static_cast<size_t>(level)).byte(planes).word(row).byte(2).word(64).word(9000);
  return seed;
}

/* One line for each stretch of data. */
/* clang-format off */
void write_streams(const std::filesystem::path &folder) {
  int number = 0;
  for (int level = 1; level <= 9; level++) {
    /* Low bytes are noise, high bytes are signs. */
    stream_seed(level, 2, 64)
        .byte(recipe::sums).word(16000).byte(5).byte(0).byte(2).byte(level)
        .byte(recipe::noise).word(16000).byte(1).byte(0xff).byte(level)
        .write(folder / std::to_string(number++));
    /* Rows that resemble one another, and a margin. */
    stream_seed(level, 1, 385)
        .byte(recipe::noise).word(385).byte(6).byte(0).byte(level)
        .byte(recipe::again).word(16000).word(384).byte(100)
        .byte(recipe::run).word(9000).byte(7)
        .write(folder / std::to_string(number++));
    /* Counters, and events in silence. */
    stream_seed(level, 4, 0)
        .byte(recipe::ramp).word(9000).byte(0).byte(1)
        .byte(recipe::sparse).word(12000).byte(200).byte(level)
        .byte(recipe::again).word(12000).word(4999).byte(0)
        .write(folder / std::to_string(number++));
  }
}
/* clang-format on */

}  // namespace

int main(int count, char **arguments) { return write_seeds(count, arguments, write_streams); }
