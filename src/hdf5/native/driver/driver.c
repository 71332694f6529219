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
  uint64_t settled; /* where the file of the last flush ends */
  dev_t device;
  ino_t inode;
  uint64_t size_at_open;
  bool rebuild;
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

typedef struct {
  bool rebuild;
  bool no_links;
} driver_options;

static void push(const char *function, hid_t minor, const char *name, const char *what, int error) {
  H5Epush2(H5E_DEFAULT, __FILE__, function, __LINE__, H5E_ERR_CLS, H5E_VFL, minor, "%s%s%s: %s", what,
           name ? " " : "", name ? name : "", strerror(error));
}

/* As libhdf5's own drivers do: on, unless the environment says otherwise, and not an error where
 * the file system has no locks. */
static int lock(int fd, bool write) {
  const char *setting = getenv("HDF5_USE_FILE_LOCKING");
  if (setting && (!strcasecmp(setting, "FALSE") || !strcmp(setting, "0"))) return 0;
  if (!flock(fd, (write ? LOCK_EX : LOCK_SH) | LOCK_NB)) return 0;
  return errno == EWOULDBLOCK ? EWOULDBLOCK : 0;
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr) {
  (void)maxaddr;
  const driver_options *options = H5Pget_driver_info(fapl);
  /* Of the file that is made: those that its external links lead to are opened with the same list. */
  const bool rebuild = options && options->rebuild && (flags & H5F_ACC_TRUNC);
  const bool no_links = options && options->no_links && (flags & H5F_ACC_TRUNC);
  const bool write = flags & H5F_ACC_RDWR;
  int mode = write ? O_RDWR : O_RDONLY;
  if (flags & H5F_ACC_CREAT) mode |= O_CREAT;
  if (flags & H5F_ACC_EXCL) mode |= O_EXCL;
  if (no_links) mode |= O_NOFOLLOW;

  hs_file *file = NULL;
  struct stat status;
  int fd;
  do fd = open(name, mode | O_CLOEXEC, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    push(__func__, H5E_CANTOPENFILE, name, "cannot open", errno);
    return NULL;
  }
  if (fstat(fd, &status)) {
    push(__func__, H5E_CANTOPENFILE, name, "cannot stat", errno);
    goto failed;
  }
  if (!S_ISREG(status.st_mode)) {
    push(__func__, H5E_CANTOPENFILE, name, "not a regular file:", EINVAL);
    goto failed;
  }
  /* Locked before it is truncated: another process may be writing it. */
  if (lock(fd, write)) {
    push(__func__, H5E_CANTOPENFILE, name, "in use by another process, or by this one:", errno);
    goto failed;
  }
  if ((flags & H5F_ACC_TRUNC) && !rebuild && ftruncate(fd, 0)) {
    push(__func__, H5E_CANTOPENFILE, name, "cannot truncate", errno);
    goto failed;
  }
  /* Again: its size is another once it is locked, and truncated. */
  if (fstat(fd, &status)) {
    push(__func__, H5E_CANTOPENFILE, name, "cannot stat", errno);
    goto failed;
  }
  file = calloc(1, sizeof *file);
  if (file) file->held = hs_held_new();
  if (file && file->held) file->space = hs_space_open(fd, 0);
  if (!file || !file->space) {
    push(__func__, H5E_CANTALLOC, name, "cannot open", ENOMEM);
    goto failed;
  }
  file->device = status.st_dev;
  file->inode = status.st_ino;
  file->size_at_open = (uint64_t)status.st_size;
  file->settled = flags & H5F_ACC_TRUNC ? 0 : file->size_at_open;
  file->rebuild = rebuild;
  return (H5FD_t *)file;

failed:
  if (file) hs_held_free(file->held);
  free(file);
  close(fd);
  return NULL;
}

/* libhdf5 is not told: after a write that failed 1.10 can neither flush nor close the file, and crashes
 * when the process ends. hs_driver_error() tells instead. */
static void refused(hs_file *file, int error) {
  if (!file->error) file->error = error;
  file->abandoned = true;
}

/* The second half of a flush: all that is new has been written, and what waited follows. */
static void settle(hs_file *file) {
  if (file->abandoned) return;
  const int error = hs_held_write(file->held, file->space);
  if (error) refused(file, error);
  else file->settled = hs_space_tail(file->space);
}

static herr_t driver_close(H5FD_t *base) {
  hs_file *file = (hs_file *)base;
  settle(file);
  /* Late writers may hold the descriptor a little longer; the lock must not wait for them. */
  flock(hs_space_fd(file->space), LOCK_UN);
  hs_space_close(file->space);
  hs_space_release(file->space);
  hs_held_free(file->held);
  free(file);
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
  struct stat status;
  if (fstat(hs_space_fd(file->space), &status)) return HADDR_UNDEF;
  return (haddr_t)status.st_size;
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

/* Whether a write must wait for the flush: it is of metadata, and what it overwrites may be what the
 * file of the last flush consists of. Global heaps (values of variable length) come as raw data, whole,
 * and begin with a signature and a version; values that happen to begin so may be held as well. */
static bool waits(const hs_file *file, H5FD_mem_t type, haddr_t address, const void *bytes, size_t size) {
  if (address >= file->settled) return false;
  if (type != H5FD_MEM_DRAW) return true;
  return size > 8 && !memcmp(bytes, "GCOL\1\0\0\0", 8);
}

static int write_now(hs_file *file, haddr_t address, const void *bytes, size_t size) {
  int error = hs_held_drop(file->held, address, size);
  if (!error && file->placing && file->given && address == file->address) error = step_aside(file);
  return error ? error : hs_space_write(file->space, bytes, size, address);
}

static herr_t driver_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size,
                           const void *bytes) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  if (file->abandoned) return 0;
  int error;
  if (bytes == no_bytes) error = take_placed(file, address, size);
  else if (waits(file, type, address, bytes, size)) error = hs_held_put(file->held, bytes, size, address);
  else error = write_now(file, address, bytes, size);
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
  const int fd = hs_space_fd(file->space);
  const uint64_t wanted = hs_space_tail(file->space);
  struct stat status;
  int failed = fstat(fd, &status);
  /* While the file is open a worker may have reserved more since the tail was read: grow only. */
  if (!failed && ((uint64_t)status.st_size < wanted || (closing && (uint64_t)status.st_size > wanted)))
    failed = ftruncate(fd, (off_t)wanted);
  if (failed) refused(file, errno);
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
    .fapl_size = sizeof(driver_options),
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

herr_t hs_driver_use(hid_t fapl, bool rebuild, bool no_links) {
  const driver_options options = {.rebuild = rebuild, .no_links = no_links};
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

/* libhdf5's own way: in 1.10 and 1.12 it walks over all chunks. */
static herr_t locate_by_walking(const hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                                uint64_t *size, uint32_t *mask) {
  haddr_t found = HADDR_UNDEF;
  hsize_t stored = 0;
  unsigned skipped = 0;
  if (H5Dget_chunk_info_by_coord(dataset, offset, &skipped, &found, &stored) < 0) return -1;
  *address = found == HADDR_UNDEF ? HS_NOWHERE : hs_held_source(file->held, found);
  *size = found == HADDR_UNDEF ? 0 : stored;
  *mask = skipped;
  return 0;
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
    *address = hs_held_source(file->held, file->address);
    *size = file->size;
    return 0;
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
