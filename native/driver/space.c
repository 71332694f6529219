#include "driver/space.h"

#include <stdlib.h>
#include <unistd.h>

#include "driver/space_struct.h"

/* A bit above all addresses. */
#define FROZEN (UINT64_C(1) << 63)

/*
 * The open spaces of the process. Threads exchange tokens rather than pointers, because a token may
 * be stale.
 */
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static hs_space *spaces;
static uint64_t last_token;

hs_space *hs_space_open(int fd, uint64_t tail) {
  hs_space *space = calloc(1, sizeof *space);
  if (!space) return NULL;
  space->given = hs_ranges_new();
  if (!space->given) {
    free(space);
    return NULL;
  }
  pthread_mutex_init(&space->giving, NULL);
  atomic_init(&space->has_given, false);
  space->fd = fd;
  atomic_init(&space->tail, tail);
  pthread_mutex_init(&space->frozen, NULL);
  atomic_init(&space->closed, false);
  atomic_init(&space->uncached, 0);
  atomic_init(&space->unshared, false);
  space->references = 1;
  pthread_mutex_lock(&registry);
  space->token = ++last_token;
  space->next = spaces;
  spaces = space;
  pthread_mutex_unlock(&registry);
  return space;
}

uint64_t hs_space_token(const hs_space *space) { return space->token; }

hs_space *hs_space_attach(uint64_t token) {
  pthread_mutex_lock(&registry);
  hs_space *space = spaces;
  while (space && space->token != token) space = space->next;
  if (space && atomic_load(&space->closed)) space = NULL;
  if (space) space->references++;
  pthread_mutex_unlock(&registry);
  return space;
}

void hs_space_release(hs_space *space) {
  pthread_mutex_lock(&registry);
  bool last = --space->references == 0;
  if (last) {
    hs_space **link = &spaces;
    while (*link != space) link = &(*link)->next;
    *link = space->next;
  }
  pthread_mutex_unlock(&registry);
  if (!last) return;
  close(space->fd);
  pthread_mutex_destroy(&space->frozen);
  pthread_mutex_destroy(&space->giving);
  hs_ranges_free(space->given);
  free(space);
}

void hs_space_close(hs_space *space) { atomic_store(&space->closed, true); }

bool hs_space_is_closed(const hs_space *space) { return atomic_load(&space->closed); }

uint64_t hs_space_tail(const hs_space *space) { return atomic_load(&space->tail) & ~FROZEN; }

void hs_space_raise(hs_space *space, uint64_t tail) {
  uint_fast64_t now = atomic_load(&space->tail);
  while (now < tail && !atomic_compare_exchange_weak(&space->tail, &now, tail)) {
  }
}

uint64_t hs_space_freeze(hs_space *space) {
  pthread_mutex_lock(&space->frozen);
  return atomic_fetch_or(&space->tail, FROZEN);
}

void hs_space_thaw(hs_space *space) {
  atomic_fetch_and(&space->tail, ~FROZEN);
  pthread_mutex_unlock(&space->frozen);
}

/* Waits until the tail may be moved, and returns it. */
static uint64_t await_tail(hs_space *space) {
  uint64_t now;
  while ((now = atomic_load(&space->tail)) & FROZEN) {
    pthread_mutex_lock(&space->frozen);
    pthread_mutex_unlock(&space->frozen);
  }
  return now;
}

/* Reserves `size` bytes at a multiple of `block`, a power of two. */
static uint64_t reserve(hs_space *space, uint64_t size, uint64_t block) {
  uint_fast64_t now;
  uint64_t address;
  do {
    now = await_tail(space);
    if (atomic_load(&space->closed)) return HS_NOWHERE;
    if (now > HS_MAX_ADDRESS || size > HS_MAX_ADDRESS) return HS_NOWHERE;
    address = (now + block - 1) & ~(block - 1);
    if (address > HS_MAX_ADDRESS - size) return HS_NOWHERE;
  } while (!atomic_compare_exchange_weak(&space->tail, &now, address + size));
  return address;
}

uint64_t hs_space_reserve(hs_space *space, uint64_t size) { return reserve(space, size, 1); }

uint64_t hs_space_reserve_blocks(hs_space *space, uint64_t size) {
  return reserve(space, size, HS_BLOCK);
}

uint64_t hs_space_reserve_chunk(hs_space *space, uint64_t size) {
  if (!atomic_load(&space->has_given) || atomic_load(&space->closed))
    return hs_space_reserve(space, size);
  pthread_mutex_lock(&space->giving);
  const uint64_t address = hs_ranges_take(space->given, size);
  atomic_store(&space->has_given, hs_ranges_bytes(space->given) > 0);
  pthread_mutex_unlock(&space->giving);
  return address == HS_NOWHERE ? hs_space_reserve(space, size) : address;
}

void hs_space_give(hs_space *space, hs_ranges *ranges) {
  pthread_mutex_lock(&space->giving);
  /* When memory is short, ranges are forgotten: the file only becomes longer. */
  (void)hs_ranges_move(space->given, ranges);
  for (;;) {
    uint_fast64_t tail = await_tail(space);
    const uint64_t begin = hs_ranges_begin_before(space->given, tail);
    if (begin == tail) break;
    /* Another thread may reserve meanwhile, so that the range is not at the end any more. */
    if (!atomic_compare_exchange_strong(&space->tail, &tail, begin)) continue;
    (void)hs_ranges_take_before(space->given, tail);
  }
  atomic_store(&space->has_given, hs_ranges_bytes(space->given) > 0);
  pthread_mutex_unlock(&space->giving);
}

uint64_t hs_space_tail_without(hs_space *space, const hs_ranges *ranges) {
  pthread_mutex_lock(&space->giving);
  uint64_t end = hs_space_tail(space), before;
  do {
    before = end;
    end = hs_ranges_begin_before(ranges, end);
    end = hs_ranges_begin_before(space->given, end);
  } while (end != before);
  pthread_mutex_unlock(&space->giving);
  return end;
}
