/*
 * Measures the time of work in one thread. Any thread may call; CPU time is that of the calling
 * thread.
 */
#pragma once

#include <ctime>

namespace hyperslab {

/* Seconds. */
struct Elapsed {
  double cpu = 0;
  double wall = 0;
};

class Stopwatch {
 public:
  Elapsed elapsed() const {
    return {now(CLOCK_THREAD_CPUTIME_ID) - cpu_, now(CLOCK_MONOTONIC) - wall_};
  }

 private:
  static double now(clockid_t clock) {
    timespec time;
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

  double wall_ = now(CLOCK_MONOTONIC);
  double cpu_ = now(CLOCK_THREAD_CPUTIME_ID);
};

}  // namespace hyperslab
