/*
 * Compares encoders on the chunks of one row of the catalogue (bench/deflate), and prints one line
 * of JSON. Exits with 1 if a stream is wrong, with 2 for wrong arguments.
 *
 *     deflate_bench --file row.bin --item 2 --chunk 8192x64 [--levels 1,4,6,9] [--runs 5]
 *                   [--encoders ours,zlib,libdeflate] [--path avx2] [--max-chunks 4]
 */
#include <cstdio>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "deflate/bench/measure.h"

using namespace hyperslab;

namespace {

std::vector<std::string> split(const std::string &text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

size_t number(const std::string &text) {
  size_t used = 0;
  size_t value = 0;
  try {
    value = std::stoul(text, &used);
  } catch (const std::logic_error &) {
    used = 0;
  }
  if (used == 0 || used != text.size())
    throw std::invalid_argument("Expected a number but received " + text);
  return value;
}

size_t positive(const std::string &text) {
  const size_t value = number(text);
  if (value == 0) throw std::invalid_argument("Expected a number above 0 but received 0");
  return value;
}

Path path_named(const std::string &name) {
  std::string known;
  for (const Path path : paths()) {
    if (name == name_of(path)) return path;
    known += std::string(known.empty() ? "" : ", ") + name_of(path);
  }
  throw std::invalid_argument("Expected a path of this machine (" + known + ") but received " +
                              name);
}

struct Arguments {
  RowFile row;
  Trial trial = {{"ours", "zlib", "libdeflate"}, {1, 4, 6, 9}, 5};

  Arguments(int count, char **words) {
    for (int at = 1; at < count; at += 2) {
      const std::string option = words[at];
      if (at + 1 == count)
        throw std::invalid_argument("Expected a value for " + option + " but received none");
      set(option, words[at + 1]);
    }
    if (row.path.empty() || row.chunk.empty())
      throw std::invalid_argument("Expected --file, --item and --chunk but received less");
  }

 private:
  void set(const std::string &option, const std::string &value) {
    if (option == "--file") {
      row.path = value;
    } else if (option == "--item") {
      row.item_size = positive(value);
    } else if (option == "--chunk") {
      row.chunk.clear();
      for (const std::string &length : split(value, 'x')) row.chunk.push_back(positive(length));
    } else if (option == "--max-chunks") {
      row.max_chunks = number(value);
    } else if (option == "--encoders") {
      trial.encoders = split(value, ',');
    } else if (option == "--levels") {
      trial.levels.clear();
      for (const std::string &level : split(value, ','))
        trial.levels.push_back(static_cast<int>(number(level)));
    } else if (option == "--runs") {
      trial.runs = static_cast<int>(positive(value));
    } else if (option == "--path") {
      trial.path = path_named(value);
    } else {
      throw std::invalid_argument("Expected an option of this program but received " + option);
    }
  }
};

void print(const Measured &measured, const Trial &trial) {
  std::printf("{\"path\":\"%s\",\"paths\":[", name_of(trial.path));
  const char *comma = "";
  for (const Path path : paths()) {
    std::printf("%s\"%s\"", comma, name_of(path));
    comma = ",";
  }
  std::printf("],\"chunks\":%zu,\"bytes\":%zu,\"figures\":[", measured.chunks,
              measured.chunks * measured.chunk_bytes);
  comma = "";
  for (const Figures &one : measured.figures) {
    std::printf(
        "%s{\"encoder\":\"%s\",\"level\":%d,\"cpuSeconds\":%.6f,\"wallSeconds\":%.6f,"
        "\"runs\":%d,\"streamBytes\":%llu,\"storedBytes\":%llu",
        comma, one.encoder.c_str(), one.level, one.seconds.cpu, one.seconds.wall, one.runs,
        static_cast<unsigned long long>(one.stream), static_cast<unsigned long long>(one.stored));
    const EncodedBytes &of = one.encoded;
    if (one.encoder == "ours")
      std::printf(
          ",\"encoded\":{\"literals\":%llu,\"runs\":%llu,\"matches\":%llu,\"stored\":%llu,"
          "\"library\":%llu}",
          static_cast<unsigned long long>(of.literals), static_cast<unsigned long long>(of.runs),
          static_cast<unsigned long long>(of.matches), static_cast<unsigned long long>(of.stored),
          static_cast<unsigned long long>(of.library));
    std::printf("}");
    comma = ",";
  }
  std::printf("]}\n");
}

}  // namespace

int main(int count, char **words) {
  try {
    const Arguments arguments(count, words);
    print(measure(arguments.row, arguments.trial), arguments.trial);
    return 0;
  } catch (const std::invalid_argument &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
