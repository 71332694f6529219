/*
 * For programs that write the first inputs of a guided fuzzer, so that it need not find out by
 * itself what its data look like.
 */
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

/* An input, built byte by byte in the order in which Given takes it apart. */
class Seed {
 public:
  Seed &byte(size_t value) {
    bytes_.push_back(static_cast<uint8_t>(value));
    return *this;
  }
  Seed &word(size_t value) { return byte(value).byte(value >> 8); }
  Seed &bytes(const uint8_t *bytes, size_t size) {
    bytes_.insert(bytes_.end(), bytes, bytes + size);
    return *this;
  }

  void write(const std::filesystem::path &path) const {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    for (const uint8_t byte : bytes_) file.put(static_cast<char>(byte));
    file.close();
    if (!file) throw std::runtime_error("Expected to write " + path.string() + " but could not");
  }

 private:
  std::vector<uint8_t> bytes_;
};

/* The whole of such a program: `write` writes its seeds to the one folder that is named. */
template <typename Write>
int write_seeds(int count, char **arguments, Write write) {
  if (count != 2) {
    std::fprintf(stderr, "Expected one folder but received %d arguments\n", count - 1);
    return 2;
  }
  try {
    write(std::filesystem::path(arguments[1]));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
