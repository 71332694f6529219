/*
 * Interrupted flushes and incomplete logs: the next time the file is opened it must be as the flush
 * before left it, or as this flush would have left it.
 */
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "driver/deferred.h"
#include "driver/flush.h"
#include "driver/flush_log.h"
#include "driver/space.h"
#include "testing/checks.h"

using checks::check;
using Bytes = std::vector<uint8_t>;

namespace {

/*
 * A file. All objects use the same file, since creating thousands takes long, so only one may exist
 * at a time.
 */
class TestFile {
 public:
  explicit TestFile(const Bytes &bytes) {
    static std::FILE *file = std::tmpfile();
    if (!file) throw std::bad_alloc();
    space_ = hs_space_open(dup(fileno(file)), 0);
    hs_space_resize(space_, 0);
    hs_space_raise(space_, bytes.size());
    hs_space_write(space_, bytes.data(), bytes.size(), 0);
  }
  TestFile(const TestFile &) = delete;
  TestFile &operator=(const TestFile &) = delete;
  ~TestFile() { hs_space_release(space_); }

  hs_space *space() { return space_; }

  Bytes bytes() {
    uint64_t size = 0;
    hs_space_size(space_, &size);
    Bytes all(size);
    hs_space_read(space_, all.data(), size, 0);
    return all;
  }

 private:
  hs_space *space_;
};

class Held {
 public:
  Held() : held_(hs_deferred_new()) {}
  Held(const Held &) = delete;
  Held &operator=(const Held &) = delete;
  ~Held() { hs_deferred_free(held_); }
  operator hs_deferred *() { return held_; }

 private:
  hs_deferred *held_;
};

/* A file, the writes of a flush, and the file after it. */
struct Case {
  Bytes before, after;
  std::vector<std::pair<uint64_t, Bytes>> puts;
  struct Move {
    uint64_t from, to, size;
  };
  std::vector<Move> moves;

  void hold(hs_deferred *deferred) const {
    for (const auto &[address, bytes] : puts)
      hs_deferred_put(deferred, bytes.data(), bytes.size(), address);
    for (const Move &move : moves) hs_deferred_move(deferred, move.from, move.to, move.size);
  }
};

constexpr uint64_t old_bytes = 300, new_bytes = 200;

Case make_case(Random &random) {
  Case made;
  made.before = checks::random_bytes(random, old_bytes + new_bytes);
  made.after = made.before;
  const auto into = made.after.begin();
  for (uint64_t k = random.from(1, 5); k > 0; k--) {
    const uint64_t size = random.from(1, 40), address = random.upto(old_bytes - size);
    made.puts.emplace_back(address, checks::random_bytes(random, size));
    std::copy(made.puts.back().second.begin(), made.puts.back().second.end(),
              into + static_cast<ptrdiff_t>(address));
  }
  for (uint64_t k = random.upto(3); k > 0; k--) {
    const uint64_t size = random.from(1, 40);
    const Case::Move move{old_bytes + random.upto(new_bytes - size), random.upto(old_bytes - size),
                          size};
    made.moves.push_back(move);
    std::copy_n(made.before.begin() + static_cast<ptrdiff_t>(move.from), size,
                into + static_cast<ptrdiff_t>(move.to));
  }
  return made;
}

/* The file followed by the log of its flush. */
Bytes with_log(const Case &made) {
  TestFile file(made.before);
  Held deferred;
  made.hold(deferred);
  check(hs_flush_log_write(deferred, file.space(), made.before.size()) == 0,
        [] { return "a log is written"; });
  return file.bytes();
}

struct Opened {
  int error;
  Bytes seen, file;
  uint64_t end;
};

Opened open_next(const Bytes &bytes, bool write) {
  TestFile file(bytes);
  Held deferred;
  Opened opened{0, Bytes(old_bytes + new_bytes), {}, 0};
  opened.error = hs_flush_recover(deferred, file.space(), bytes.size(), write, &opened.end);
  hs_space_read(file.space(), opened.seen.data(), opened.seen.size(), 0);
  if (!opened.error)
    hs_deferred_overlay(deferred, file.space(), opened.seen.data(), opened.seen.size(), 0);
  opened.file = file.bytes();
  return opened;
}

Bytes first(const Bytes &bytes, size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(count)};
}

void expect_next(const Bytes &left, const Bytes &seen, bool has_log, const char *what) {
  for (const bool write : {false, true}) {
    const Opened opened = open_next(left, write);
    const auto tell = [&] { return std::string(what) + (write ? ", written" : ", read"); };
    check(opened.error == 0 && opened.seen == seen, tell);
    if (write && has_log)
      check(opened.file == seen, tell);
    else
      check(opened.file == left, tell);
  }
}

void test_whole_log(const Case &made) {
  const Bytes whole = with_log(made);
  expect_next(whole, made.after, true, "a log that is whole");
  /* The writes in place that a killed flush had done. */
  Random random(whole.size());
  for (int k = 0; k < 20; k++) {
    Bytes mixed = whole;
    for (uint64_t at = 0; at < old_bytes; at++)
      if (random.one_in(2)) mixed[at] = made.after[at];
    expect_next(mixed, made.after, true, "a mixture with its log");
  }
}

void test_torn_log(const Case &made) {
  const Bytes whole = with_log(made);
  for (size_t count = made.before.size(); count < whole.size(); count++)
    expect_next(first(whole, count), made.before, false, "a torn log");
  Bytes longer = whole;
  longer.push_back(0);
  expect_next(longer, made.before, false, "a log that others wrote behind");
  Bytes shifted = whole;
  shifted.insert(shifted.begin() + static_cast<ptrdiff_t>(made.before.size()), 0);
  expect_next(shifted, made.before, false, "the log of a shorter file");
}

void test_changed_log(const Case &made) {
  const Bytes whole = with_log(made);
  for (size_t at = made.before.size(); at < whole.size(); at++)
    for (const int bit : {0, 7}) {
      Bytes changed = whole;
      changed[at] ^= static_cast<uint8_t>(1 << bit);
      expect_next(changed, made.before, false, "a log of which a bit is turned");
    }
}

/* Chunks to be moved, whose bytes are not in the log. */
void test_changed_sources(const Case &made) {
  const Bytes whole = with_log(made);
  Held deferred;
  made.hold(deferred);
  for (size_t at = old_bytes; at < made.before.size(); at++) {
    Bytes changed = whole;
    changed[at] ^= 1;
    bool is_source = false;
    for (uint64_t to = 0; to < old_bytes; to++)
      is_source |= hs_deferred_source(deferred, to, 1) == at;
    for (const bool write : {false, true}) {
      const Opened opened = open_next(changed, write);
      const auto tell = [&] { return "a changed source at " + std::to_string(at); };
      check(opened.error == (is_source ? EBADMSG : 0), tell);
      check(opened.end == made.before.size(), tell);
      if (is_source) check(opened.file == changed, tell);
    }
  }
}

void test_flush(const Case &made) {
  for (const bool logged : {false, true}) {
    TestFile file(made.before);
    Held deferred;
    made.hold(deferred);
    bool repairable = true;
    check(hs_flush(deferred, file.space(), logged, &repairable) == 0 && !repairable,
          [] { return "a flush"; });
    check(hs_deferred_is_empty(deferred) && file.bytes() == made.after,
          [] { return "what is flushed"; });
  }
}

/* A log for which there is no room changes nothing. */
void test_no_room(const Case &made) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  const size_t whole = with_log(made).size();
  for (size_t room = made.before.size(); room < whole; room++) {
    TestFile file(made.before);
    Held deferred;
    made.hold(deferred);
    rlimit less = limit;
    less.rlim_cur = room;
    setrlimit(RLIMIT_FSIZE, &less);
    bool repairable = true;
    const int error = hs_flush(deferred, file.space(), true, &repairable);
    setrlimit(RLIMIT_FSIZE, &limit);
    check(error == EFBIG && !repairable, [] { return "a flush without room fails"; });
    check(file.bytes() == made.before, [] { return "and changes nothing"; });
  }
}

}  // namespace

int main() {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    Random random(seed);
    const Case made = make_case(random);
    test_flush(made);
    test_whole_log(made);
    test_torn_log(made);
    test_changed_sources(made);
    if (seed <= 5) test_changed_log(made);
    if (seed <= 5) test_no_room(made);
  }
  return checks::report();
}
