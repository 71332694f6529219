#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <string.h>
#include <sys/file.h>

#include "driver/file.h"
#include "driver/flush.h"

/* See hs_driver_take_closing_error(). Rule 1 protects it from races. */
static int closing_error;

char hs_no_bytes[1];

void hs_file_refused(hs_file *file, int error) {
  if (!file->error) file->error = error;
  file->abandoned = true;
}

/*
 * The second half of a flush: libhdf5 has written all new bytes, and the deferred writes follow. In
 * a file opened for reading, deferred writes complete an interrupted flush in memory and are never
 * written.
 */
static void settle(hs_file *file) {
  if (file->abandoned || !file->writable) return;
  /* Some chunks are nowhere, so the file stays as the last flush left it. */
  if (file->vacated > 0) {
    hs_file_refused(file, EIO);
    return;
  }
  const int error = hs_flush(file->deferred, file->space, file->logged, &file->repairable);
  if (error) {
    hs_file_refused(file, error);
    return;
  }
  file->settled = hs_space_tail(file->space);
  file->raw_deferred = 0;
}

static herr_t driver_close(H5FD_t *base) {
  hs_file *file = (hs_file *)base;
  settle(file);
  if (!closing_error) closing_error = file->error;
  /* Unlocked here, because workers may hold the descriptor a little longer. */
  flock(hs_space_fd(file->space), LOCK_UN);
  hs_file_release(file);
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
  /* Without AGGREGATE_SMALLDATA, so that every allocation of raw data reaches driver_alloc(). */
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

static haddr_t driver_alloc(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, hsize_t size) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  /*
   * In a paged file libhdf5 asks for a whole page and puts the chunk somewhere in it, hence the
   * size check.
   */
  if (type == H5FD_MEM_DRAW && file->placing && !file->given && size == file->size) {
    file->given = true;
    const uint64_t free = hs_ranges_take(file->dropped, size);
    file->lent = free == HS_NOWHERE;
    return file->lent ? file->address : free;
  }
  if (hs_space_tail(file->space) == 0) {
    /* The superblock, at 0. The bytes of a file that is rebuilt stay behind it, untouched. */
    const uint64_t kept = file->rebuild ? file->size_at_open : 0;
    hs_space_raise(file->space, kept > size ? kept : size);
    return 0;
  }
  const uint64_t address = hs_space_reserve(file->space, size + HS_GAP);
  return address == HS_NOWHERE ? HADDR_UNDEF : address;
}

static haddr_t driver_get_eoa(const H5FD_t *base, H5FD_mem_t type) {
  hs_file *file = (hs_file *)base;
  if (type != H5FD_MEM_SUPER) return hs_space_tail(file->space);
  /*
   * For the superblock. libhdf5 does not write it again just because space is given back, so the end
   * leaves out what will be free after the flush.
   */
  const uint64_t end =
      file->trims ? hs_space_tail_without(file->space, file->staged) : hs_space_tail(file->space);
  file->asked = end;
  return end;
}

/* Bytes of the shortest superblock. libhdf5 writes a superblock whole. */
enum { SUPERBLOCK = 48 };

/* Notes which end of the file a write puts into the superblock. */
static void note_stated(hs_file *file, H5FD_mem_t type, haddr_t address, size_t size) {
  const haddr_t base = file->base.base_addr;
  if (type == H5FD_MEM_DRAW || address >= base + SUPERBLOCK || address + size <= base) return;
  const bool whole = address <= base && address + size >= base + SUPERBLOCK;
  if (whole || file->asked > file->stated) file->stated = file->asked;
}

static herr_t driver_set_eoa(H5FD_t *base, H5FD_mem_t type, haddr_t address) {
  (void)type;
  /*
   * libhdf5 lowers the end when it frees space there, but workers may own bytes behind it: never
   * lower.
   */
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

/*
 * Copies the placed chunk elsewhere, because libhdf5 uses its address for another chunk. With
 * H5D_ALLOC_TIME_LATE, placing the first chunk makes libhdf5 allocate and fill all chunks of the
 * dataset, and the driver can't tell which of these allocations is for the placed chunk.
 */
static int step_aside(hs_file *file) {
  const uint64_t address = hs_space_reserve(file->space, file->size + HS_GAP);
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
  if (bytes == hs_no_bytes) {
    file->address = address;
    file->size = size;
    file->answered = true;
    return 0;
  }
  int error = hs_space_read(file->space, bytes, size, address);
  if (!error) error = hs_deferred_overlay(file->deferred, file->space, bytes, size, address);
  if (error) hs_file_push(__func__, H5E_READERROR, NULL, "cannot read", error);
  return error ? -1 : 0;
}

/*
 * Takes note of the address that libhdf5 chose for the placed chunk, whose bytes are already in the
 * file.
 */
static int take_placed(hs_file *file, haddr_t address, size_t size) {
  file->answered = true;
  file->moved = address != file->address;
  if (!file->moved) return hs_deferred_drop(file->deferred, address, size);
  int error = file->lent ? step_aside(file) : 0;
  if (!error) error = hs_ranges_add(file->staged, file->address, size);
  /*
   * The chunk goes where a replaced one lay, so the next flush copies the bytes there. Until then the
   * old bytes at that address belong to the file.
   */
  return error ? error : hs_deferred_move(file->deferred, file->address, address, size);
}

/*
 * The most raw data that is deferred between two flushes; beyond it raw data is written at once. It
 * is what libhdf5 itself overwrites: datasets without chunks, and chunks that are cut when a
 * dataset shrinks.
 */
#define MAX_RAW_DEFERRED ((uint64_t)64 << 20)

/*
 * Whether a write must be deferred, because it may overwrite the file as the last flush left it.
 * Global heaps (values of variable length) arrive as raw data, whole, and begin with a signature
 * and a version; they count as metadata here, and so do values that happen to begin with the same
 * bytes.
 */
static bool waits(hs_file *file, H5FD_mem_t type, haddr_t address, const void *bytes, size_t size) {
  if (address >= file->settled) return false;
  if (type != H5FD_MEM_DRAW || (size > 8 && !memcmp(bytes, "GCOL\1\0\0\0", 8))) return true;
  if (size > MAX_RAW_DEFERRED - file->raw_deferred) return false;
  file->raw_deferred += size;
  return true;
}

static int write_some(hs_file *file, H5FD_mem_t type, haddr_t address, const void *bytes,
                      size_t size) {
  int error = file->placing && file->lent && address == file->address ? step_aside(file) : 0;
  if (error) return error;
  if (waits(file, type, address, bytes, size))
    return hs_deferred_put(file->deferred, bytes, size, address);
  error = hs_deferred_drop(file->deferred, address, size);
  return error ? error : hs_space_write(file->space, bytes, size, address);
}

static herr_t driver_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size,
                           const void *bytes) {
  (void)dxpl;
  hs_file *file = (hs_file *)base;
  if (file->abandoned) return 0;
  note_stated(file, type, address, size);
  const int error = bytes == hs_no_bytes ? take_placed(file, address, size)
                                         : write_some(file, type, address, bytes, size);
  if (error) hs_file_refused(file, error);
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
  /* Frozen, because a worker that reserved and wrote meanwhile would lose what lies behind the tail. */
  const uint64_t tail = hs_space_freeze(file->space);
  /* Readers refuse a file that is shorter than its superblock says. */
  const uint64_t wanted = tail < file->stated ? file->stated : tail;
  uint64_t size = 0;
  int error = hs_space_size(file->space, &size);
  if (!error && (size < wanted || (closing && size > wanted)))
    error = hs_space_resize(file->space, wanted);
  hs_space_thaw(file->space);
  if (error) hs_file_refused(file, error);
  return 0;
}

static const H5FD_class_t driver_class = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)500, /* from the range reserved for private drivers */
#endif
    .name = "hyperslab",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(hs_driver_options),
    .open = hs_file_open,
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

/* Registered once for the process; rule 1 prevents races. */
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

int hs_driver_take_closing_error(void) {
  const int error = closing_error;
  closing_error = 0;
  return error;
}
