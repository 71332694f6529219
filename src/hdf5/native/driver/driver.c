#define _FILE_OFFSET_BITS 64

#include "driver/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/flush.h"
#include "driver/held.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

/*
 * libhdf5 wants a pointer to the bytes of a chunk that is placed or located, which only this driver would
 * read or fill, and does not: the pointer is how it knows the chunk. Type and size would not do. While
 * libhdf5 looks a chunk up its metadata cache may write something else, and a global heap comes as
 * H5FD_MEM_DRAW, too, often with 4096 bytes, as many as a chunk may have.
 */
static char no_bytes[1];

struct hs_file {
  H5FD_t base; /* must be first */
  hs_space *space;
  hs_held *held;
  uint64_t settled;  /* where the file of the last flush ends */
  uint64_t raw_held; /* bytes of raw data held since */
  dev_t device;
  ino_t inode;
  uint64_t size_at_open;
  bool writable;
  bool rebuild;
  bool logged;
  bool repairable;
  bool abandoned;
  bool shared; /* others than libhdf5 may reserve */
  int error; /* the first write that the system refused */
  uint64_t address; /* of a chunk that is placed: where its bytes are; that is located: the answer */
  uint64_t size;    /* likewise */
  bool placing;
  bool given;    /* libhdf5 asked for space while a chunk is placed, and got `address` */
  bool answered; /* the chunk's bytes were asked for */
  bool moved;    /* libhdf5 chose another address for the placed chunk */
};

/* The first error of files that were closed since it was taken; rule 1 guards it. */
static int closing_error;

static void push(const char *function, hid_t minor, const char *name, const char *what, int error) {
  H5Epush2(H5E_DEFAULT, __FILE__, function, __LINE__, H5E_ERR_CLS, H5E_VFL, minor, "%s%s%s: %s", what,
           name ? " " : "", name ? name : "", strerror(error));
}

/* As libhdf5's own drivers do: on, unless the environment says otherwise, and not an error where
 * the file system has no locks. */
static int lock(int fd, bool write) {
  const char *setting = getenv("HDF5_USE_FILE_LOCKING");
  if (setting && (!strcasecmp(setting, "FALSE") || !strcmp(setting, "0"))) return 0;
  int failed;
  do failed = flock(fd, (write ? LOCK_EX : LOCK_SH) | LOCK_NB);
  while (failed && errno == EINTR);
  return failed && errno == EWOULDBLOCK ? EWOULDBLOCK : 0;
}

/* Prepares a file that is open and locked: empties it, or completes what an interrupted flush left. */
static bool prepare(hs_file *file, const char *name, unsigned flags) {
  const bool empties = flags & H5F_ACC_TRUNC;
  int error = empties && !file->rebuild ? hs_space_resize(file->space, 0) : 0;
  if (error) {
    push("driver_open", H5E_CANTOPENFILE, name, "cannot truncate", error);
    return false;
  }
  error = hs_space_size(file->space, &file->size_at_open);
  if (error) {
    push("driver_open", H5E_CANTOPENFILE, name, "cannot stat", error);
    return false;
  }
  if (empties) return true;
  uint64_t end = file->size_at_open;
  error = hs_flush_recover(file->held, file->space, file->size_at_open, flags & H5F_ACC_RDWR, &end);
  if (error == EBADMSG) {
    H5Epush2(H5E_DEFAULT, __FILE__, "driver_open", __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_CANTOPENFILE,
             "a flush of %s was interrupted, and chunks that complete it are damaged; `truncate -s %llu` "
             "leaves it incomplete",
             name, (unsigned long long)end);
    return false;
  }
  if (error) {
    push("driver_open", H5E_CANTOPENFILE, name, "cannot complete the interrupted flush of", error);
    return false;
  }
  if (flags & H5F_ACC_RDWR) file->size_at_open = end;
  file->settled = file->size_at_open;
  return true;
}

static void release(hs_file *file) {
  if (!file) return;
  if (file->space) {
    hs_space_close(file->space);
    hs_space_release(file->space);
  }
  hs_held_free(file->held);
  free(file);
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr) {
  (void)maxaddr;
  const hs_driver_options *options = H5Pget_driver_info(fapl);
  /* Of the file that is made: those that its external links lead to are opened with the same list. */
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
    push(__func__, H5E_CANTOPENFILE, name, "cannot open", errno);
    return NULL;
  }
  struct stat status;
  if (fstat(fd, &status)) {
    push(__func__, H5E_CANTOPENFILE, name, "cannot stat", errno);
    close(fd);
    return NULL;
  }
  if (!S_ISREG(status.st_mode)) {
    push(__func__, H5E_CANTOPENFILE, name, "not a regular file:", EINVAL);
    close(fd);
    return NULL;
  }
  hs_file *file = calloc(1, sizeof *file);
  if (file) file->held = hs_held_new();
  if (file && file->held) file->space = hs_space_open(fd, 0);
  if (!file || !file->space) {
    push(__func__, H5E_CANTALLOC, name, "cannot open", ENOMEM);
    close(fd);
    goto failed;
  }
  file->device = status.st_dev;
  file->inode = status.st_ino;
  file->writable = write;
  file->rebuild = rebuild;
  file->logged = !options || !options->unlogged;
  /* Locked before anything is changed: another process may be writing it. */
  const int locked = lock(fd, write);
  if (locked) push(__func__, H5E_CANTOPENFILE, name, "in use by another process, or by this one:", locked);
  if (!locked && prepare(file, name, flags)) return (H5FD_t *)file;

failed:
  release(file);
  return NULL;
}

/* libhdf5 is not told: after a write that failed 1.10 can neither flush nor close the file, and crashes
 * when the process ends. hs_driver_error() tells instead. */
static void refused(hs_file *file, int error) {
  if (!file->error) file->error = error;
  file->abandoned = true;
}

/* The second half of a flush: all that is new has been written, and what waited follows. What a file that
 * is only read holds completes an interrupted flush, in memory alone. */
static void settle(hs_file *file) {
  if (file->abandoned || !file->writable) return;
  const int error = hs_flush(file->held, file->space, file->logged, &file->repairable);
  if (error) {
    refused(file, error);
    return;
  }
  file->settled = hs_space_tail(file->space);
  file->raw_held = 0;
}

static herr_t driver_close(H5FD_t *base) {
  hs_file *file = (hs_file *)base;
  settle(file);
  if (!closing_error) closing_error = file->error;
  /* Late writers may hold the descriptor a little longer; the lock must not wait for them. */
  flock(hs_space_fd(file->space), LOCK_UN);
  release(file);
  return 0;
}

static int driver_compare(const H5FD_t *a, const H5FD_t *b) {
  const hs_file *left = (const hs_file *)a, *right = (const hs_file *)b;
  if (left->device != right->device) return left->device < right->device ? -1 : 1;
  if (left->inode != right->inode) return left->inode < right->inode ? -1 : 1;
  return 0;
}

static herr_t driver_query(const H5FD_t *base, unsigned long *flags) {
  (void)base;
  /* Without AGGREGATE_SMALLDATA, so that every raw allocation reaches driver_alloc. */
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

/*
 * Bytes left free behind what libhdf5 allocates. It lengthens a block that ends where the file does by
 * asking for the end and then moving it; a worker that reserves in between would get the same bytes.
 * No block of its own ends there, so it never does.
 */
enum { GAP = 8 };

static haddr_t driver_alloc(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, hsize_t size) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  /* In a file of pages libhdf5 asks for a whole page, and puts the chunk somewhere in it. */
  if (type == H5FD_MEM_DRAW && file->placing && !file->given && size == file->size) {
    file->given = true;
    return file->address;
  }
  if (hs_space_tail(file->space) == 0) {
    /* The superblock, at 0. What a rebuilt file holds already stays behind it, untouched. */
    const uint64_t kept = file->rebuild ? file->size_at_open : 0;
    hs_space_raise(file->space, kept > size ? kept : size);
    return 0;
  }
  const uint64_t address = hs_space_reserve(file->space, size + GAP);
  return address == HS_NOWHERE ? HADDR_UNDEF : address;
}

static haddr_t driver_get_eoa(const H5FD_t *base, H5FD_mem_t type) {
  (void)type;
  return hs_space_tail(((const hs_file *)base)->space);
}

static herr_t driver_set_eoa(H5FD_t *base, H5FD_mem_t type, haddr_t address) {
  (void)type;
  /* libhdf5 lowers it when it frees space at the end; workers may own what lies behind. */
  hs_space_raise(((hs_file *)base)->space, address);
  return 0;
}

static haddr_t driver_get_eof(const H5FD_t *base, H5FD_mem_t type) {
  (void)type;
  const hs_file *file = (const hs_file *)base;
  if (file->rebuild && hs_space_tail(file->space) == 0) return 0;
  uint64_t size = 0;
  return hs_space_size(file->space, &size) ? HADDR_UNDEF : size;
}

static herr_t driver_get_handle(H5FD_t *base, hid_t fapl, void **handle) {
  (void)fapl;
  *handle = base;
  return 0;
}

/* Copies the bytes of the chunk that is placed elsewhere, since libhdf5 gave their address to another one.
 * With H5D_ALLOC_TIME_LATE the first chunk that is placed makes it allocate, and fill, all chunks of the
 * dataset, and which of these allocations is that of the placed one can't be seen. */
static int step_aside(hs_file *file) {
  const uint64_t address = hs_space_reserve(file->space, file->size + GAP);
  if (address == HS_NOWHERE) return EFBIG;
  const int error = hs_space_copy(file->space, file->address, address, file->size);
  file->address = address;
  return error;
}

static herr_t driver_read(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size,
                          void *bytes) {
  (void)type;
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  if (bytes == no_bytes) {
    file->address = address;
    file->size = size;
    file->answered = true;
    return 0;
  }
  int error = hs_space_read(file->space, bytes, size, address);
  if (!error) error = hs_held_overlay(file->held, file->space, bytes, size, address);
  if (error) push(__func__, H5E_READERROR, NULL, "cannot read", error);
  return error ? -1 : 0;
}

/* Notes the address that libhdf5 has for the placed chunk, whose bytes are in the file. */
static int take_placed(hs_file *file, haddr_t address, size_t size) {
  file->answered = true;
  file->moved = address != file->address;
  if (!file->moved) return hs_held_drop(file->held, address, size);
  const int error = file->given ? step_aside(file) : 0;
  /* libhdf5 had free space of its own (the chunk was replaced): the bytes go there, with the next
   * flush. Until then what was there is part of the file. */
  return error ? error : hs_held_move(file->held, file->address, address, size);
}

/* Raw data that libhdf5 itself overwrites (of datasets that are not chunked, or of chunks that are cut when
 * a dataset shrinks) are held up to so many bytes between two flushes; what is more is written at once. */
#define RAW_HELD_MOST ((uint64_t)64 << 20)

/* Whether a write must wait for the flush, since it may overwrite what the file of the last flush consists
 * of. Global heaps (values of variable length) come as raw data, whole, and begin with a signature and a
 * version: they are metadata here, as are values that happen to begin so. */
static bool waits(hs_file *file, H5FD_mem_t type, haddr_t address, const void *bytes, size_t size) {
  if (address >= file->settled) return false;
  if (type != H5FD_MEM_DRAW || (size > 8 && !memcmp(bytes, "GCOL\1\0\0\0", 8))) return true;
  if (size > RAW_HELD_MOST - file->raw_held) return false;
  file->raw_held += size;
  return true;
}

static int write_some(hs_file *file, H5FD_mem_t type, haddr_t address, const void *bytes, size_t size) {
  int error = file->placing && file->given && address == file->address ? step_aside(file) : 0;
  if (error) return error;
  if (waits(file, type, address, bytes, size)) return hs_held_put(file->held, bytes, size, address);
  error = hs_held_drop(file->held, address, size);
  return error ? error : hs_space_write(file->space, bytes, size, address);
}

static herr_t driver_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size,
                           const void *bytes) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  if (file->abandoned) return 0;
  const int error = bytes == no_bytes ? take_placed(file, address, size)
                                      : write_some(file, type, address, bytes, size);
  if (error) refused(file, error);
  return 0;
}

static herr_t driver_flush(H5FD_t *base, hid_t dxpl, hbool_t closing) {
  (void)dxpl;
  (void)closing;
  settle((hs_file *)base);
  return 0;
}

static herr_t driver_truncate(H5FD_t *base, hid_t dxpl, hbool_t closing) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  if (file->abandoned) return 0;
  const uint64_t wanted = hs_space_tail(file->space);
  uint64_t size = 0;
  int error = hs_space_size(file->space, &size);
  /* While the file is open a worker may have reserved more since the tail was read: grow only. */
  if (!error && (size < wanted || (closing && size > wanted))) error = hs_space_resize(file->space, wanted);
  if (error) refused(file, error);
  return 0;
}

static const H5FD_class_t driver_class = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)500, /* from the range that is free for drivers of one's own */
#endif
    .name = "hyperslab",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(hs_driver_options),
    .open = driver_open,
    .close = driver_close,
    .cmp = driver_compare,
    .query = driver_query,
    .alloc = driver_alloc,
    .get_eoa = driver_get_eoa,
    .set_eoa = driver_set_eoa,
    .get_eof = driver_get_eof,
    .get_handle = driver_get_handle,
    .read = driver_read,
    .write = driver_write,
    .flush = driver_flush,
    .truncate = driver_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

/* One registration serves the process; rule 1 keeps it free of races. */
static hid_t driver_id(void) {
  static hid_t id = H5I_INVALID_HID;
  if (id < 0 || H5Iis_valid(id) <= 0) id = H5FDregister(&driver_class);
  return id;
}

herr_t hs_driver_use(hid_t fapl, hs_driver_options options) {
  const hid_t id = driver_id();
  return id < 0 ? -1 : H5Pset_driver(fapl, id, &options);
}

hs_file *hs_driver_file(hid_t file) {
  hs_file *found = NULL;
  const hid_t fapl = H5Fget_access_plist(file);
  if (fapl >= 0 && H5Pget_driver(fapl) == driver_id()) {
    void *handle = NULL;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) >= 0) found = handle;
  }
  if (fapl >= 0) H5Pclose(fapl);
  return found;
}

void hs_driver_identity(const hs_file *file, uint64_t *device, uint64_t *inode) {
  *device = (uint64_t)file->device;
  *inode = (uint64_t)file->inode;
}

hs_space *hs_driver_space(hs_file *file) {
  /* For the last block of a file that existed; see GAP. */
  if (!file->shared) hs_space_reserve(file->space, GAP);
  file->shared = true;
  return file->space;
}

void hs_driver_abandon(hs_file *file) {
  file->abandoned = true;
  file->error = 0;
}

int hs_driver_error(const hs_file *file) { return file->error; }

bool hs_driver_is_repairable(const hs_file *file) { return file->repairable; }

int hs_driver_take_closing_error(void) {
  const int error = closing_error;
  closing_error = 0;
  return error;
}

herr_t hs_driver_place(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t address,
                       uint64_t size, uint32_t mask, bool *moved) {
  const uint64_t tail = hs_space_tail(file->space);
  if (size == 0 || address > tail || size > tail - address) {
    push(__func__, H5E_BADRANGE, NULL, "placed bytes were never reserved", EINVAL);
    return -1;
  }
  file->placing = true;
  file->address = address;
  file->size = size;
  file->given = file->answered = file->moved = false;
  herr_t status = H5Dwrite_chunk(dataset, H5P_DEFAULT, mask, offset, (size_t)size, no_bytes);
  file->placing = false;
  if (status >= 0 && file->error) {
    push(__func__, H5E_WRITEERROR, NULL, "cannot write", file->error);
    status = -1;
  } else if (status >= 0 && !file->answered) {
    push(__func__, H5E_WRITEERROR, NULL, "libhdf5 did not take the placed chunk", EIO);
    status = -1;
  }
  *moved = file->moved;
  return status;
}

herr_t hs_driver_turn_to(hid_t dataset, const hsize_t *offset) {
  hsize_t size = 0;
  return H5Dget_chunk_storage_size(dataset, offset, &size);
}

/* Writes a chunk of which some bytes are held elsewhere, so that all of it lies in the file, and is moved
 * with the next flush. Who reads chunks without libhdf5 knows of nothing that is held. */
static int gather(hs_file *file, uint64_t address, uint64_t size, uint64_t *from) {
  void *bytes = malloc(size);
  if (!bytes) return ENOMEM;
  int error = hs_space_read(file->space, bytes, size, address);
  if (!error) error = hs_held_overlay(file->held, file->space, bytes, size, address);
  *from = hs_space_reserve(file->space, size + GAP);
  if (!error && *from == HS_NOWHERE) error = EFBIG;
  if (!error) error = hs_space_write(file->space, bytes, size, *from);
  if (!error) error = hs_held_move(file->held, *from, address, size);
  free(bytes);
  return error;
}

/* Turns the address that libhdf5 has for a chunk into where its bytes are. */
static herr_t to_source(hs_file *file, uint64_t *address, uint64_t size) {
  uint64_t from = hs_held_source(file->held, *address, size);
  int error = 0;
  if (from == HS_NOWHERE && !file->writable) {
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_READERROR,
             "an interrupted flush has written a part of this chunk; open the file with 'r+' to complete it");
    return -1;
  }
  if (from == HS_NOWHERE) error = gather(file, *address, size, &from);
  *address = from;
  if (!error) return 0;
  push(__func__, H5E_READERROR, NULL, "cannot move a chunk", error);
  refused(file, error);
  return -1;
}

/* libhdf5's own way: in 1.10 and 1.12 it walks over all chunks. */
static herr_t locate_by_walking(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                                uint64_t *size, uint32_t *mask) {
  haddr_t found = HADDR_UNDEF;
  hsize_t stored = 0;
  unsigned skipped = 0;
  if (H5Dget_chunk_info_by_coord(dataset, offset, &skipped, &found, &stored) < 0) return -1;
  *address = found == HADDR_UNDEF ? HS_NOWHERE : found;
  *size = found == HADDR_UNDEF ? 0 : stored;
  *mask = skipped;
  return found == HADDR_UNDEF ? 0 : to_source(file, address, stored);
}

#if !H5_VERSION_GE(2, 0, 0)
/* Whether the error that came first is that the chunk which was looked up is not stored. */
static herr_t note_not_stored(unsigned number, const H5E_error2_t *error, void *not_stored) {
  if (number == 0) *(bool *)not_stored = !strcmp(error->desc, "chunk address isn't defined");
  return 0;
}
#endif

herr_t hs_driver_locate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                        uint64_t *size, uint32_t *mask) {
#if !H5_VERSION_GE(2, 0, 0) /* from there on H5Dread_chunk has another signature */
  /* Reading a chunk looks its address up and asks the driver, which notes it and reads nothing. */
  file->answered = false;
  const herr_t status = H5Dread_chunk(dataset, H5P_DEFAULT, offset, mask, no_bytes);
  if (status >= 0 && file->answered) {
    *address = file->address;
    *size = file->size;
    return to_source(file, address, *size);
  }
  /* A chunk that is not stored is an error there. Walking to it would not do: with an extensible array
   * index 1.10 takes chunks for others where an axis before the unlimited one is shorter than it may be. */
  bool not_stored = false;
  if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_not_stored, &not_stored) >= 0 && not_stored) {
    H5Eclear2(H5E_DEFAULT);
    *address = HS_NOWHERE;
    *size = 0;
    *mask = 0;
    return 0;
  }
  /* What else may be wrong comes up here. */
#endif
  return locate_by_walking(file, dataset, offset, address, size, mask);
}
