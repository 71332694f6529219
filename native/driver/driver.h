/*
 * The file driver: lets the bytes of chunks be written outside of libhdf5, and then be placed.
 *
 * It sits under libhdf5 as the last layer (a VFD). All space of a file, metadata or chunk, comes
 * from its hs_space; so workers can reserve and write while libhdf5 allocates for itself.
 *
 * Rules
 *  1. Every function here enters libhdf5 or is entered by it: the caller must keep other threads
 *     out of libhdf5 meanwhile. Workers use driver/space.h only.
 *  2. An hs_file belongs to libhdf5 and lives as long as the file is open.
 *  3. What a flush left is not overwritten before the next one (see driver/deferred.h), but for raw
 *     data that libhdf5 itself writes in place, where that is much. A logged flush may be
 *     interrupted at any write (see driver/flush.h); opening a file completes one that was.
 *  4. Errors are pushed on libhdf5's error stack, with errno's words.
 *
 * Needs libhdf5 1.10.5 to 2.x; driver.c and chunks.c alone know their differences.
 */
#ifndef HYPERSLAB_DRIVER_H
#define HYPERSLAB_DRIVER_H

#include <hdf5.h>
#include <stdbool.h>

#include "driver/space.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_file hs_file;

/* How files are opened; zeros are what suits most. */
typedef struct {
  /*
   * H5Fcreate keeps the bytes of the existing file: new metadata goes behind its end, and chunks
   * are placed again at their addresses.
   */
  bool rebuild;
  /* H5Fcreate refuses a path that is a symbolic link. */
  bool no_links;
  /*
   * A flush that is interrupted may damage what the file held at the last one: for files that are
   * made anew when that happens.
   */
  bool unlogged;
} hs_driver_options;

/* Makes `fapl` open files through this driver. */
herr_t hs_driver_use(hid_t fapl, hs_driver_options options);

/* The driver's side of an open file; NULL when the file was not opened through this driver. */
hs_file *hs_driver_file(hid_t file);

/* Device and inode of the open file, whatever its path leads to by now. */
void hs_driver_identity(const hs_file *file, uint64_t *device, uint64_t *inode);

/* The space of the file, from which others may reserve from now on; borrowed, see rule 2. */
hs_space *hs_driver_space(hs_file *file);

/*
 * From here on nothing is written any more, and libhdf5 is told that it was. For a file that can't
 * be completed: libhdf5 fails, and 1.10 crashes when the process ends, if it can't write while it
 * closes a file.
 */
void hs_driver_abandon(hs_file *file);

/*
 * Why the system first refused a write of libhdf5's (errno), or 0. The file is abandoned from there
 * on, and libhdf5 knows nothing of it: ask after flushing.
 */
int hs_driver_error(const hs_file *file);

/* After an error: whether the flush will be completed when the file is opened next. */
bool hs_driver_is_repairable(const hs_file *file);

/*
 * The first error (as hs_driver_error()) of files that were closed since this was called last:
 * libhdf5 may write more while it closes a file.
 */
int hs_driver_take_closing_error(void);

/*
 * Tells libhdf5 that the chunk at `offset` (elements, one number an axis) lies at `address`, `size`
 * bytes long, encoded but for the filters in `mask`. The bytes must have been reserved before, and
 * stay as they are. When libhdf5 insists on an address of its own they are copied there by the next
 * flush; `moved` says so. Where a chunk of the same size is replaced, libhdf5 then keeps the mask
 * of before.
 */
herr_t hs_driver_place(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t address,
                       uint64_t size, uint32_t mask, bool *moved);

/*
 * libhdf5 remembers what it knows of the chunk that it met last, and of a placed chunk it remembers
 * the filter mask of before: reading it next would go wrong. This makes it remember the chunk at
 * `offset` instead. Negative where the dataset does not reach that far.
 */
herr_t hs_driver_forget_last_chunk(hid_t dataset, const hsize_t *offset);

/*
 * Where a chunk's bytes are, without reading them: as H5Dget_chunk_info_by_coord, which walks over
 * all chunks in libhdf5 1.10 and 1.12, but in logarithmic time. `size` 0 when the chunk is not
 * allocated.
 */
herr_t hs_driver_locate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                        uint64_t *size, uint32_t *mask);

#ifdef __cplusplus
}
#endif
#endif
