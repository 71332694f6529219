#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/file.h"
#include "driver/flush.h"

void hs_file_push(const char *function, hid_t minor, const char *name, const char *what,
                  int error) {
  H5Epush2(H5E_DEFAULT, __FILE__, function, __LINE__, H5E_ERR_CLS, H5E_VFL, minor, "%s%s%s: %s",
           what, name ? " " : "", name ? name : "", strerror(error));
}

/*
 * Locks a file as libhdf5's own drivers do: unless the environment says otherwise, and without an
 * error if the file system has no locks.
 */
static int lock(int fd, bool write) {
  const char *setting = getenv("HDF5_USE_FILE_LOCKING");
  if (setting && (!strcasecmp(setting, "FALSE") || !strcmp(setting, "0"))) return 0;
  int failed;
  do failed = flock(fd, (write ? LOCK_EX : LOCK_SH) | LOCK_NB);
  while (failed && errno == EINTR);
  return failed && errno == EWOULDBLOCK ? EWOULDBLOCK : 0;
}

/*
 * Prepares a file that is open and locked: empties it, or completes an interrupted flush.
 */
static bool prepare(hs_file *file, const char *name, unsigned flags) {
  const bool empties = flags & H5F_ACC_TRUNC;
  int error = empties && !file->rebuild ? hs_space_resize(file->space, 0) : 0;
  if (error) {
    hs_file_push("hs_file_open", H5E_CANTOPENFILE, name, "cannot truncate", error);
    return false;
  }
  error = hs_space_size(file->space, &file->size_at_open);
  if (error) {
    hs_file_push("hs_file_open", H5E_CANTOPENFILE, name, "cannot stat", error);
    return false;
  }
  if (empties) return true;
  uint64_t end = file->size_at_open;
  error =
      hs_flush_recover(file->deferred, file->space, file->size_at_open, flags & H5F_ACC_RDWR, &end);
  if (error == EBADMSG) {
    H5Epush2(H5E_DEFAULT, __FILE__, "hs_file_open", __LINE__, H5E_ERR_CLS, H5E_VFL,
             H5E_CANTOPENFILE,
             "a flush of %s was interrupted, and chunks that complete it are damaged; `truncate -s "
             "%llu` "
             "leaves it incomplete",
             name, (unsigned long long)end);
    return false;
  }
  if (error) {
    hs_file_push("hs_file_open", H5E_CANTOPENFILE, name, "cannot complete the interrupted flush of",
                 error);
    return false;
  }
  if (flags & H5F_ACC_RDWR) file->size_at_open = end;
  file->settled = file->size_at_open;
  return true;
}

void hs_file_release(hs_file *file) {
  if (!file) return;
  if (file->space) {
    hs_space_close(file->space);
    hs_space_release(file->space);
  }
  hs_deferred_free(file->deferred);
  hs_ranges_free(file->dropped);
  hs_ranges_free(file->staged);
  free(file);
}

H5FD_t *hs_file_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr) {
  (void)maxaddr;
  const hs_driver_options *options = H5Pget_driver_info(fapl);
  /*
   * Only for the file that is created: files behind its external links are opened with the same
   * list.
   */
  const bool rebuild = options && options->rebuild && (flags & H5F_ACC_TRUNC);
  const bool no_links = options && options->no_links && (flags & H5F_ACC_TRUNC);
  const bool write = flags & H5F_ACC_RDWR;
  int mode = write ? O_RDWR : O_RDONLY;
  if (flags & H5F_ACC_CREAT) mode |= O_CREAT;
  if (flags & H5F_ACC_EXCL) mode |= O_EXCL;
  if (no_links) mode |= O_NOFOLLOW;

  int fd;
  do fd = open(name, mode | O_CLOEXEC, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    hs_file_push(__func__, H5E_CANTOPENFILE, name, "cannot open", errno);
    return NULL;
  }
  struct stat status;
  if (fstat(fd, &status)) {
    hs_file_push(__func__, H5E_CANTOPENFILE, name, "cannot stat", errno);
    close(fd);
    return NULL;
  }
  if (!S_ISREG(status.st_mode)) {
    hs_file_push(__func__, H5E_CANTOPENFILE, name, "not a regular file:", EINVAL);
    close(fd);
    return NULL;
  }
  hs_file *file = calloc(1, sizeof *file);
  if (file) file->deferred = hs_deferred_new();
  if (file) file->dropped = hs_ranges_new();
  if (file) file->staged = hs_ranges_new();
  if (file && file->deferred && file->dropped && file->staged) file->space = hs_space_open(fd, 0);
  if (!file || !file->space) {
    hs_file_push(__func__, H5E_CANTALLOC, name, "cannot open", ENOMEM);
    close(fd);
    goto failed;
  }
  file->device = status.st_dev;
  file->inode = status.st_ino;
  file->writable = write;
  file->rebuild = rebuild;
  file->logged = !options || !options->unlogged;
  /* Locked before anything is changed, as another process may be writing the file. */
  const int locked = lock(fd, write);
  if (locked)
    hs_file_push(__func__, H5E_CANTOPENFILE, name,
                 "in use by another process, or by this one:", locked);
  if (!locked && prepare(file, name, flags)) return (H5FD_t *)file;

failed:
  hs_file_release(file);
  return NULL;
}
