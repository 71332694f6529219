/*
 * Makes calls of the system fail, for a process that is started with this library preloaded:
 *
 *   FAULT_CALL   their names, such as pwrite,ftruncate
 *   FAULT_PATH   how the path of the file ends; of any file where it is empty
 *   FAULT_AFTER  how many such calls do what they should before
 *   FAULT_ERRNO  what the others answer; where it is 0 the first of them ends the process, as a kill does
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int is_listed(const char *names, const char *name) {
  const size_t length = strlen(name);
  for (const char *at = names; (at = strstr(at, name)); at += length)
    if ((at == names || at[-1] == ',') && (at[length] == ',' || at[length] == 0)) return 1;
  return 0;
}

/* Whether this call is to fail; errno is set then. */
static int fails(const char *call, int fd) {
  const char *wanted = getenv("FAULT_CALL");
  if (!wanted || !is_listed(wanted, call)) return 0;
  const char *ending = getenv("FAULT_PATH");
  if (ending && *ending) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const size_t tail = strlen(ending);
    if ((size_t)length < tail || strcmp(path + length - tail, ending) != 0) return 0;
  }
  const char *after = getenv("FAULT_AFTER");
  if (atomic_fetch_add(&calls, 1) < (after ? atol(after) : 0)) return 0;
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
