/* sync_file_range, fallocate */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include "driver/space.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

_Static_assert(sizeof(off_t) >= 8 && sizeof(size_t) >= 8, "Expected a 64-bit system");

struct hs_space {
  int fd;
  uint64_t token;
  atomic_uint_fast64_t tail; /* the bit FROZEN is set while reserving must wait */
  pthread_mutex_t frozen;    /* locked as long as that bit is set */
  atomic_bool closed;
  pthread_mutex_t giving; /* guards `given` */
  hs_ranges *given;       /* space to reserve again for chunks */
  atomic_bool has_given;  /* whether `given` may have a range */
  atomic_uint_fast64_t uncached; /* bytes before need not stay in the system's cache; 0 at first */
  atomic_bool unshared; /* the file system has refused to share */
  unsigned references; /* guarded by `registry` */
  hs_space *next; /* guarded by `registry` */
};

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

bool hs_space_can_share(const hs_space *space) { return !atomic_load(&space->unshared); }

bool hs_space_share(hs_space *space, int file, uint64_t position, uint64_t size, uint64_t address) {
#ifdef FICLONERANGE
  if (atomic_load(&space->closed)) return false;
  struct file_clone_range range = {file, position, size, address};
  int failed;
  do failed = ioctl(space->fd, FICLONERANGE, &range);
  while (failed && errno == EINTR);
  if (!failed) return true;
#else
  (void)file;
  (void)position;
  (void)size;
  (void)address;
#endif
  atomic_store(&space->unshared, true);
  return false;
}

int hs_space_write(hs_space *space, const void *bytes, size_t size, uint64_t address) {
  const char *from = bytes;
  while (size > 0) {
    if (atomic_load(&space->closed)) return EBADF;
    ssize_t written = pwrite(space->fd, from, size, (off_t)address);
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (written == 0) return EIO;
    from += written;
    address += (uint64_t)written;
    size -= (size_t)written;
  }
  return 0;
}

int hs_space_size(const hs_space *space, uint64_t *size) {
  struct stat status;
  if (fstat(space->fd, &status)) return errno;
  *size = (uint64_t)status.st_size;
  return 0;
}

int hs_space_resize(hs_space *space, uint64_t size) {
  int failed;
  do failed = ftruncate(space->fd, (off_t)size);
  while (failed && errno == EINTR);
  return failed ? errno : 0;
}

int hs_space_ensure(hs_space *space, uint64_t address, uint64_t size) {
#ifdef __linux__
  /*
   * Not posix_fallocate(): without support of the file system it writes, over what other threads
   * write.
   */
  int failed;
  do failed = fallocate(space->fd, 0, (off_t)address, (off_t)size);
  while (failed && errno == EINTR);
  if (failed && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) return errno;
#else
  (void)space;
  (void)address;
  (void)size;
#endif
  return 0;
}

#ifdef SYNC_FILE_RANGE_WRITE

/*
 * Bytes behind the newest ones that stay in the cache, to give the disk time. Bytes that are not on
 * the disk by then stay as well.
 */
#define CACHED ((uint64_t)64 << 20)

static void let_go(hs_space *space, uint64_t address) {
  uint_fast64_t from = atomic_load(&space->uncached);
  /* Begins where writing began, not in the older bytes of the file. */
  const uint64_t to = from == 0 ? address : address - CACHED;
  if (from != 0 && address < from + 2 * CACHED) return;
  if (!atomic_compare_exchange_strong(&space->uncached, &from, to) || from == 0) return;
  (void)posix_fadvise(space->fd, (off_t)from, (off_t)(to - from), POSIX_FADV_DONTNEED);
}

#endif

void hs_space_begin_sync(hs_space *space, uint64_t address, uint64_t size) {
#ifdef SYNC_FILE_RANGE_WRITE
  if (atomic_load(&space->closed)) return;
  (void)sync_file_range(space->fd, (off_t)address, (off_t)size, SYNC_FILE_RANGE_WRITE);
  let_go(space, address);
#else
  (void)space;
  (void)address;
  (void)size;
#endif
}

int hs_space_read(hs_space *space, void *bytes, size_t size, uint64_t address) {
  char *to = bytes;
  while (size > 0) {
    ssize_t got = pread(space->fd, to, size, (off_t)address);
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (got == 0) {
      memset(to, 0, size);
      return 0;
    }
    to += got;
    address += (uint64_t)got;
    size -= (size_t)got;
  }
  return 0;
}

int hs_space_copy(hs_space *space, uint64_t from, uint64_t to, size_t size) {
  /* Rare (a chunk was replaced), so a plain loop that works everywhere is enough. */
  char buffer[1 << 16];
  while (size > 0) {
    size_t part = size < sizeof buffer ? size : sizeof buffer;
    int error = hs_space_read(space, buffer, part, from);
    if (!error) error = hs_space_write(space, buffer, part, to);
    if (error) return error;
    from += part;
    to += part;
    size -= part;
  }
  return 0;
}

int hs_space_fd(const hs_space *space) { return space->fd; }
