/*
 * A library that is preloaded into processes, and simulates a disk that once fails to store pages from
 * the system's cache. As on Linux, the sync that meets the failure reports it, but the pages then count
 * as written: they are still read correctly from the cache, and no later sync writes them. When the cache
 * is lost or drops them, they have their old contents.
 *
 *   WRITE_BACK_FOLDER  holds for each file what is on the disk (INODE.disk), and a byte for the state of
 *                      each page in the cache (INODE.pages); processes may use it one after the other
 *   WRITE_BACK_PATH    end of the file's path
 *   WRITE_BACK_FAIL    number of the sync of this process that fails, counted from 1; none if empty
 *   WRITE_BACK_ERRNO   the error of this sync
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096

/* DROPPED: the page did not reach the disk, and the system considers it written. */
enum state { ON_DISK = 0, DIRTY, DROPPED };

/* A file and its parts in WRITE_BACK_FOLDER. Valid while the mutex is held. */
struct backing {
  int file;
  int disk;
  int pages;
  off_t size;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long syncs;

#define REAL(name)               \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t real_pwrite(int fd, const void *bytes, size_t size, off_t at) {
  REAL(pwrite);
  return real(fd, bytes, size, at);
}

static int real_ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  return real(fd, size);
}

static int is_watched(int fd) {
  const char *ending = getenv("WRITE_BACK_PATH");
  if (!ending || !getenv("WRITE_BACK_FOLDER")) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const int error = errno;
  const ssize_t length = readlink(link, path, sizeof path - 1);
  errno = error;
  if (length < 0) return 0;
  path[length] = 0;
  const size_t tail = strlen(ending);
  return (size_t)length >= tail && strcmp(path + length - tail, ending) == 0;
}

static int open_part(unsigned long long inode, const char *ending) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%llu.%s", getenv("WRITE_BACK_FOLDER"), inode, ending);
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) abort();
  return fd;
}

static struct backing enter(int fd) {
  pthread_mutex_lock(&mutex);
  struct stat status;
  if (fstat(fd, &status)) abort();
  return (struct backing){fd, open_part(status.st_ino, "disk"), open_part(status.st_ino, "pages"),
                          status.st_size};
}

static void leave(struct backing backing) {
  const int error = errno;
  close(backing.disk);
  close(backing.pages);
  pthread_mutex_unlock(&mutex);
  errno = error;
}

static enum state state_of(struct backing backing, off_t page) {
  unsigned char state = ON_DISK;
  return pread(backing.pages, &state, 1, page) == 1 ? state : ON_DISK;
}

static void set_state(struct backing backing, off_t page, enum state state) {
  const unsigned char byte = state;
  if (real_pwrite(backing.pages, &byte, 1, page) != 1) abort();
}

/* Copies a page. What the source lacks of it becomes zeros. */
static void copy_page(int from, int to, off_t page, off_t size) {
  char bytes[PAGE] = {0};
  if (pread(from, bytes, PAGE, page * PAGE) < 0) abort();
  const off_t left = size - page * PAGE;
  const size_t count = left < PAGE ? (size_t)left : PAGE;
  if (real_pwrite(to, bytes, count, page * PAGE) != (ssize_t)count) abort();
}

static void mark_written(struct backing backing, off_t at, size_t size) {
  for (off_t page = at / PAGE; page * PAGE < at + (off_t)size; page++) set_state(backing, page, DIRTY);
}

static void write_back(struct backing backing, int fails) {
  for (off_t page = 0; page * PAGE < backing.size; page++) {
    if (state_of(backing, page) != DIRTY) continue;
    if (!fails) copy_page(backing.file, backing.disk, page, backing.size);
    set_state(backing, page, fails ? DROPPED : ON_DISK);
  }
}

#define PWRITE(name, offset)                                        \
  ssize_t name(int fd, const void *bytes, size_t size, offset at) { \
    REAL(name);                                                     \
    if (!is_watched(fd)) return real(fd, bytes, size, at);          \
    const struct backing backing = enter(fd);                       \
    const ssize_t written = real(fd, bytes, size, at);              \
    if (written > 0) mark_written(backing, at, (size_t)written);    \
    leave(backing);                                                 \
    return written;                                                 \
  }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name)                                                \
  int name(int fd) {                                              \
    REAL(name);                                                   \
    if (!is_watched(fd)) return real(fd);                         \
    const struct backing backing = enter(fd);                     \
    const char *which = getenv("WRITE_BACK_FAIL");                \
    const int fails = which && *which && ++syncs == atol(which);  \
    write_back(backing, fails);                                   \
    leave(backing);                                               \
    if (fails) errno = atoi(getenv("WRITE_BACK_ERRNO"));          \
    return fails ? -1 : 0;                                        \
  }

SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, offset)                       \
  int name(int fd, offset size) {                    \
    REAL(name);                                      \
    if (!is_watched(fd)) return real(fd, size);      \
    const struct backing backing = enter(fd);        \
    const int failed = real(fd, size);               \
    if (!failed && real_ftruncate(backing.disk, size)) abort(); \
    leave(backing);                                  \
    return failed;                                   \
  }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* Drops whole clean pages from the cache, so that the next read gets them from the disk. */
static void let_go(int fd, off_t at, off_t length) {
  const struct backing backing = enter(fd);
  const off_t end = length > 0 ? at + length : backing.size + PAGE;
  struct stat status;
  if (fstat(fd, &status)) abort();
  for (off_t page = (at + PAGE - 1) / PAGE; (page + 1) * PAGE <= end && page * PAGE < backing.size; page++) {
    if (state_of(backing, page) != DROPPED) continue;
    copy_page(backing.disk, fd, page, backing.size);
    set_state(backing, page, ON_DISK);
  }
  /* Restores the times, because dropping pages must not change them. */
  const struct timespec times[] = {status.st_atim, status.st_mtim};
  if (futimens(fd, times)) abort();
  leave(backing);
}

#define ADVISE(name, offset)                                                   \
  int name(int fd, offset at, offset length, int advice) {                     \
    REAL(name);                                                                \
    if (advice == POSIX_FADV_DONTNEED && is_watched(fd)) let_go(fd, at, length); \
    return real(fd, at, length, advice);                                       \
  }

ADVISE(posix_fadvise, off_t)
ADVISE(posix_fadvise64, off64_t)
