/*
 * The bytes of a space: reading, writing and syncing them, and the length of the file.
 * sync_file_range and fallocate need _GNU_SOURCE.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

#include "driver/space.h"
#include "driver/space_struct.h"

_Static_assert(sizeof(off_t) >= 8 && sizeof(size_t) >= 8, "Expected a 64-bit system");

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
