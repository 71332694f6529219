/*
 * A library that is preloaded into a process, and makes its system calls fail:
 *
 *   FAULT_CALL   names of the calls, such as pwrite,ftruncate
 *   FAULT_PATH   end of the file's path; if empty, calls on any file fail
 *   FAULT_AFTER  how many of these calls succeed before; when it changes, counting starts again
 *   FAULT_TIMES  how many fail then; all if empty
 *   FAULT_ERRNO  their error; if it is 0, the first of them kills the process
 *   FAULT_COPIES a folder: no call fails, but before each of these calls the file is copied there as
 *                N.h5, counted from 0, as a kill would leave it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls, after_before;

static int is_listed(const char *names, const char *name) {
  const size_t length = strlen(name);
  for (const char *at = names; (at = strstr(at, name)); at += length)
    if ((at == names || at[-1] == ',') && (at[length] == ',' || at[length] == 0)) return 1;
  return 0;
}

/* Uses calls that never fail here. */
static void copy_file(const char *path, const char *folder, long number) {
  static char block[1 << 16];
  char to[4200];
  snprintf(to, sizeof to, "%s/%ld.h5", folder, number);
  const int in = open(path, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ssize_t count;
  while (in >= 0 && out >= 0 && (count = read(in, block, sizeof block)) > 0)
    if (write(out, block, (size_t)count) != count) abort();
  close(in);
  close(out);
}

/* Returns whether this call must fail, and sets errno then. */
static int fails(const char *call, int fd) {
  const char *wanted = getenv("FAULT_CALL");
  if (!wanted || !is_listed(wanted, call)) return 0;
  const char *ending = getenv("FAULT_PATH");
  char path[4096];
  if (ending && *ending) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const size_t tail = strlen(ending);
    if ((size_t)length < tail || strcmp(path + length - tail, ending) != 0) return 0;
  }
  const char *copies = getenv("FAULT_COPIES");
  if (copies && *copies) {
    copy_file(path, copies, atomic_fetch_add(&calls, 1));
    return 0;
  }
  const char *after_text = getenv("FAULT_AFTER"), *times = getenv("FAULT_TIMES");
  const long after = after_text ? atol(after_text) : 0;
  if (atomic_exchange(&after_before, after) != after) atomic_store(&calls, 0);
  const long call_number = atomic_fetch_add(&calls, 1);
  if (call_number < after || (times && *times && call_number >= after + atol(times))) return 0;
  const char *error = getenv("FAULT_ERRNO");
  errno = error ? atoi(error) : EIO;
  if (errno == 0) kill(getpid(), SIGKILL);
  return 1;
}

#define CALL(result, name, fault, parameters, arguments)                        \
  result name parameters {                                                      \
    static result (*real) parameters;                                           \
    if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);            \
    return fails(fault, fd) ? (result)-1 : real arguments;                      \
  }

CALL(ssize_t, pread, "pread", (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
CALL(ssize_t, pread64, "pread", (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))
CALL(ssize_t, pwrite, "pwrite", (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
CALL(ssize_t, pwrite64, "pwrite", (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
CALL(int, ftruncate, "ftruncate", (int fd, off_t size), (fd, size))
CALL(int, ftruncate64, "ftruncate", (int fd, off64_t size), (fd, size))
CALL(int, fallocate, "fallocate", (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
CALL(int, fallocate64, "fallocate", (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))
CALL(int, fsync, "fsync", (int fd), (fd))
CALL(int, fdatasync, "fdatasync", (int fd), (fd))
CALL(int, flock, "flock", (int fd, int operation), (fd, operation))
