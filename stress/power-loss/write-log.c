/*
 * A library that is preloaded into a process, and logs what the process does to the files of one
 * folder. From the log, a model of the disk derives what a power failure may leave (disk.ts).
 *
 *   POWER_LOSS_FOLDER    the watched folder, absolute; folders inside it are not watched
 *   POWER_LOSS_LOG       the log, to which records are appended (log.ts reads them)
 *   POWER_LOSS_INODES    a folder on the same file system: a watched file that loses its last name gets
 *                        a name there, its inode number, so that no other file gets this number
 *   POWER_LOSS_BOOT      a file that is read instead of the system's boot id
 *   POWER_LOSS_FAULT     kill, interrupt or fail: what happens at one of the logged calls
 *   POWER_LOSS_FAULT_AT  the number of this call, counted from 1
 *
 * Calls are made and logged one at a time, so the log has them in the order in which the system
 * performed them. A sync is two records, because other threads may write between its begin and its end.
 * Nothing is really synced: that is simulated by the model. Calls that clone files fail, as on a file
 * system that does not support them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE = 1, WRITE, RESIZE, RENAME, UNLINK, SYNC, SYNCED };

/* Followed by the name, the other name, and the bytes. log.ts reads the same fields. */
struct record {
  uint32_t kind;
  uint32_t name_length;
  uint32_t other_length;
  uint32_t data_only; /* for a sync: whether it is fdatasync */
  uint64_t inode;
  uint64_t at; /* for a write: its position; for a sync: its number */
  uint64_t bytes;
  uint64_t size; /* size of the file after the call */
  int64_t modified; /* modification time after the call, nanoseconds */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *folder, *inodes, *fault;
static int log_file = -1;
static long fault_at, calls;

static void begin(void) {
  folder = getenv("POWER_LOSS_FOLDER");
  inodes = getenv("POWER_LOSS_INODES");
  fault = getenv("POWER_LOSS_FAULT");
  const char *at = getenv("POWER_LOSS_FAULT_AT");
  fault_at = fault && at ? atol(at) : 0;
  const char *path = getenv("POWER_LOSS_LOG");
  if (folder && inodes && path)
    log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

/* Returns the name of a watched file, "" for the folder itself, NULL for other paths. */
static const char *watched(const char *path) {
  pthread_once(&once, begin);
  if (log_file < 0 || !path) return NULL;
  const size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0) return NULL;
  if (path[length] == 0) return path + length;
  if (path[length] != '/' || strchr(path + length + 1, '/')) return NULL;
  return path + length + 1;
}

/* As `watched`, for an open file. `path` is a buffer of 4096 bytes for its path. */
static const char *watched_file(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const int before = errno;
  const ssize_t length = readlink(link, path, 4095);
  errno = before;
  if (length < 0) return NULL;
  path[length] = 0;
  return watched(path);
}

/* Begins a logged call: locks the log. Returns 1, with errno set, if the call must fail instead. */
static int enter(void) {
  pthread_mutex_lock(&mutex);
  calls++;
  if (calls != fault_at || strcmp(fault, "fail") != 0) return 0;
  pthread_mutex_unlock(&mutex);
  errno = EIO;
  return 1;
}

/* Ends a logged call: unlocks the log. Keeps errno. */
static void leave(void) {
  const int error = errno;
  if (calls == fault_at && strcmp(fault, "kill") == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  if (calls == fault_at && strcmp(fault, "interrupt") == 0) kill(getpid(), SIGINT);
  pthread_mutex_unlock(&mutex);
  errno = error;
}

static void append(struct record record, const char *name, const char *other, const void *bytes) {
  record.name_length = (uint32_t)strlen(name);
  record.other_length = other ? (uint32_t)strlen(other) : 0;
  struct iovec parts[] = {{&record, sizeof record},
                          {(void *)name, record.name_length},
                          {(void *)other, record.other_length},
                          {(void *)bytes, bytes ? record.bytes : 0}};
  const int error = errno;
  /* Aborts, because a log that is cut short would look like a crash. */
  const ssize_t whole =
      (ssize_t)(sizeof record + record.name_length + record.other_length + (bytes ? record.bytes : 0));
  if (syscall(SYS_writev, log_file, parts, 4) != whole) abort();
  errno = error;
}

static struct record record_of(enum kind kind, int fd) {
  struct stat status;
  if (fstat(fd, &status)) abort();
  return (struct record){.kind = kind,
                         .inode = status.st_ino,
                         .size = (uint64_t)status.st_size,
                         .modified = status.st_mtim.tv_sec * INT64_C(1000000000) + status.st_mtim.tv_nsec};
}

#define REAL(name)                       \
  static __typeof__(name) *real;         \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define PWRITE(name, offset)                                       \
  ssize_t name(int fd, const void *bytes, size_t size, offset at) { \
    REAL(name);                                                    \
    char path[4096];                                               \
    const char *file = watched_file(fd, path);                     \
    if (!file) return real(fd, bytes, size, at);                   \
    if (enter()) return -1;                                        \
    const ssize_t written = real(fd, bytes, size, at);             \
    if (written > 0) {                                             \
      struct record record = record_of(WRITE, fd);                 \
      record.at = (uint64_t)at;                                    \
      record.bytes = (uint64_t)written;                            \
      append(record, file, NULL, bytes);                           \
    }                                                              \
    leave();                                                       \
    return written;                                                \
  }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t size) {
  REAL(write);
  char path[4096];
  const char *file = fd > 2 ? watched_file(fd, path) : NULL;
  if (!file) return real(fd, bytes, size);
  if (enter()) return -1;
  const ssize_t written = real(fd, bytes, size);
  if (written > 0) {
    struct record record = record_of(WRITE, fd);
    record.at = (uint64_t)(lseek(fd, 0, SEEK_CUR) - written);
    record.bytes = (uint64_t)written;
    append(record, file, NULL, bytes);
  }
  leave();
  return written;
}

#define SYNC_CALL(name, is_data_only)                                 \
  int name(int fd) {                                                  \
    REAL(name);                                                       \
    char path[4096];                                                  \
    const char *file = watched_file(fd, path);                        \
    if (!file) return real(fd);                                       \
    if (enter()) return -1;                                           \
    struct record record = record_of(SYNC, fd);                       \
    record.at = (uint64_t)calls;                                      \
    record.data_only = is_data_only;                                  \
    append(record, file, NULL, NULL);                                 \
    leave();                                                          \
    usleep(500); /* as slow as a disk, so that others write meanwhile */              \
    if (enter()) return -1;                                           \
    record.kind = SYNCED;                                             \
    append(record, file, NULL, NULL);                                 \
    leave();                                                          \
    return 0;                                                         \
  }

SYNC_CALL(fsync, 0)
SYNC_CALL(fdatasync, 1)

#define RESIZE_CALL(name, parameters, arguments)          \
  int name parameters {                                   \
    REAL(name);                                           \
    char path[4096];                                      \
    const char *file = watched_file(fd, path);            \
    if (!file) return real arguments;                     \
    if (enter()) return -1;                               \
    const int failed = real arguments;                    \
    if (!failed) append(record_of(RESIZE, fd), file, NULL, NULL); \
    leave();                                              \
    return failed;                                        \
  }

RESIZE_CALL(ftruncate, (int fd, off_t size), (fd, size))
RESIZE_CALL(ftruncate64, (int fd, off64_t size), (fd, size))
RESIZE_CALL(fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
RESIZE_CALL(fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))

/* Gives the file of a path another name in the folder of inodes, if it is about to lose its last one. */
static void keep_inode(const char *path) {
  struct stat status;
  char kept[4096];
  if (lstat(path, &status) || status.st_nlink > 1) return;
  snprintf(kept, sizeof kept, "%s/%llu", inodes, (unsigned long long)status.st_ino);
  if (link(path, kept)) abort();
}

int rename(const char *from, const char *to) {
  REAL(rename);
  const char *name = watched(from), *other = watched(to);
  if (!name || !other) return real(from, to);
  if (enter()) return -1;
  keep_inode(to);
  const int failed = real(from, to);
  if (!failed) append((struct record){.kind = RENAME}, name, other, NULL);
  leave();
  return failed;
}

#define UNLINK_CALL(call)                                             \
  int call(const char *path) {                                        \
    REAL(call);                                                       \
    const char *name = watched(path);                                 \
    if (!name || !*name) return real(path);                           \
    if (enter()) return -1;                                           \
    keep_inode(path);                                                 \
    const int failed = real(path);                                    \
    if (!failed) append((struct record){.kind = UNLINK}, name, NULL, NULL); \
    leave();                                                          \
    return failed;                                                    \
  }

UNLINK_CALL(unlink)
UNLINK_CALL(remove)

#define OPEN_CALL(call)                                                                 \
  int call(const char *path, int flags, ...) {                                          \
    REAL(call);                                                                         \
    mode_t mode = 0;                                                                    \
    if (flags & O_CREAT) {                                                              \
      va_list rest;                                                                     \
      va_start(rest, flags);                                                            \
      mode = va_arg(rest, mode_t);                                                      \
      va_end(rest);                                                                     \
    }                                                                                   \
    const char *boot = getenv("POWER_LOSS_BOOT");                                       \
    if (boot && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0) path = boot;      \
    const char *name = flags & (O_CREAT | O_TRUNC) ? watched(path) : NULL;              \
    if (!name) return real(path, flags, mode);                                          \
    if (enter()) return -1;                                                             \
    struct stat status;                                                                 \
    const int was_there = !stat(path, &status);                                         \
    const int fd = real(path, flags, mode);                                             \
    if (fd >= 0 && !was_there) append(record_of(CREATE, fd), name, NULL, NULL);         \
    if (fd >= 0 && was_there && (flags & O_TRUNC)) append(record_of(RESIZE, fd), name, NULL, NULL); \
    leave();                                                                            \
    return fd;                                                                          \
  }

OPEN_CALL(open)
OPEN_CALL(open64)

int ioctl(int fd, unsigned long request, ...) {
  REAL(ioctl);
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  char path[4096];
  if ((request == FICLONE || request == FICLONERANGE) && watched_file(fd, path)) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return real(fd, request, argument);
}
