/*
 * Where a worker's time goes, and how deflate coded the bytes, for reports in JavaScript.
 *
 *  1. A StageClock and its Stages belong to the caller and serve one thread.
 */
#pragma once

#include <chrono>
#include <cstdint>

#include "addon/napi.h"
#include "deflate/encoder.h"

namespace hyperslab::addon {

/* One kind of work: how long it took, and the bytes that went in and came out. */
struct Stage {
  std::chrono::steady_clock::duration time{};
  uint64_t in = 0;
  uint64_t out = 0;
};

/* The stages of a chunk, in this order. */
struct Stages {
  Stage gather, filter, checksum, write;
};

/* { gather, filter, checksum, write }, each { seconds, bytesIn, bytesOut }. */
Napi::Object to_object(Napi::Env env, const Stages &stages);

/* { literals, runs, matches, stored, library }, bytes. */
Napi::Object to_object(Napi::Env env, const EncodedBytes &deflated);

/* Adds the time since the last call, or since it was made, to a stage. */
class StageClock {
 public:
  void add(Stage &stage, uint64_t in, uint64_t out) {
    const Clock::time_point now = Clock::now();
    stage.time += now - last_;
    stage.in += in;
    stage.out += out;
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

}  // namespace hyperslab::addon
