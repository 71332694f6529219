/*
 * The file driver: lets chunks be written without libhdf5, and then placed.
 *
 * It is the lowest layer under libhdf5 (a virtual file driver, VFD). All space of a file, for
 * metadata and for chunks, comes from its hs_space, so workers can reserve and write while libhdf5
 * allocates for itself.
 *
 * Rules
 *  1. Every function here calls libhdf5 or is called by it, so the caller must keep other threads
 *     out of libhdf5 meanwhile. Workers use driver/space.h only.
 *  2. An hs_file belongs to libhdf5 and lives as long as the file is open.
 *  3. What the last flush left is not overwritten before the next one (driver/deferred.h), except
 *     by raw data that libhdf5 itself writes in place, if there is much of it. A logged flush may
 *     be interrupted at any write (driver/flush.h); opening the file completes it.
 *  4. Errors are pushed on libhdf5's error stack, with the text of errno.
 *
 * Needs libhdf5 1.10.5 to 2.x. Only driver.c and chunks.c know the differences between releases.
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

/* How files are opened. All zeros is the usual way. */
typedef struct {
  /*
   * H5Fcreate keeps the bytes of an existing file: new metadata go behind its end, and chunks are
   * placed again at their old addresses.
   */
  bool rebuild;
  /* H5Fcreate refuses a path that is a symbolic link. */
  bool no_links;
  /*
   * Flushes have no log, so an interrupted one may damage the file. For files that are rebuilt in
   * that case.
   */
  bool unlogged;
} hs_driver_options;

/* Makes `fapl` open files through this driver. */
herr_t hs_driver_use(hid_t fapl, hs_driver_options options);

/* The driver's side of an open file, or NULL if the file was not opened through this driver. */
hs_file *hs_driver_file(hid_t file);

/* Device and inode of the open file, even if its path now leads elsewhere. */
void hs_driver_identity(const hs_file *file, uint64_t *device, uint64_t *inode);

/* The space of the file, borrowed (rule 2). From now on other threads may reserve from it. */
hs_space *hs_driver_space(hs_file *file);

/*
 * Tells the driver what libhdf5 does with the space of replaced chunks in an existing file. If it
 * `forgets` that space (H5F_FSPACE_STRATEGY_NONE or AGGR), the driver places other chunks there;
 * otherwise libhdf5 does so itself. `persists` says that libhdf5 lists free space in the file.
 */
void hs_driver_reuse(hs_file *file, bool forgets, bool persists);

/* Bytes that moved chunks took before a flush moved them, or take until the next flush does. */
uint64_t hs_driver_staged(const hs_file *file);

/*
 * Call it right after a flush. Frees these bytes: later chunks take them, and at the end of the file
 * they are cut off. No other thread may be reading chunks.
 */
void hs_driver_reclaim(hs_file *file);

/*
 * From now on nothing is written, and libhdf5 is told that every write succeeded. For files that
 * can't be completed: if libhdf5 can't write while it closes a file it fails, and 1.10 crashes when
 * the process ends.
 */
void hs_driver_abandon(hs_file *file);

/*
 * The errno of the first write of libhdf5 that failed, or 0. The file is abandoned from that write
 * on, and libhdf5 does not know, so ask after each flush.
 */
int hs_driver_error(const hs_file *file);

/* After an error: whether opening the file will complete the flush. */
bool hs_driver_is_repairable(const hs_file *file);

/*
 * The first error (as hs_driver_error()) of all files closed since the last call, or 0. libhdf5 may
 * write more while it closes a file.
 */
int hs_driver_take_closing_error(void);

/*
 * Tells libhdf5 that the chunk whose first element is `offset` (one number an axis) lies at
 * `address` and is `size` bytes long, with the filters in `mask` skipped. The bytes must have been
 * reserved, and must not change. If libhdf5 chooses another address, or the chunk takes the place of
 * a replaced one, `moved` is set and the next flush copies the bytes there. If a chunk of the same
 * size is replaced, libhdf5 keeps the old filter mask.
 */
herr_t hs_driver_place(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t address,
                       uint64_t size, uint32_t mask, bool *moved);

/*
 * Frees the space of a chunk that is about to be replaced by one of `size` bytes, and sets `any`. Does
 * nothing if the sizes are equal or the chunk is not stored. The chunk must be placed before the next
 * flush. If all chunks of a batch are vacated first, longer ones find room where others were.
 */
herr_t hs_driver_vacate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t size,
                        bool *any);

/*
 * Makes libhdf5 forget the chunk that it used last, by looking up the chunk at `offset` instead.
 * libhdf5 caches what it knows about one chunk; for a placed chunk it caches the old filter mask,
 * so reading that chunk next would go wrong. Returns a negative number if `offset` is outside the
 * dataset.
 */
herr_t hs_driver_forget_last_chunk(hid_t dataset, const hsize_t *offset);

/*
 * Finds where a chunk lies, in logarithmic time, without reading it; H5Dget_chunk_info_by_coord
 * walks over all chunks in libhdf5 1.10 and 1.12. Sets `size` to 0 if the chunk is not allocated.
 */
herr_t hs_driver_locate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                        uint64_t *size, uint32_t *mask);

#ifdef __cplusplus
}
#endif
#endif
