/*
 * Deferred writes. A write that would overwrite the file as the last flush left it waits here until
 * the next flush (driver/flush.h). So a crash between two flushes leaves the file as the last flush
 * did.
 *
 *  1. An hs_deferred owns copies of the bytes that it was given, so it grows with the metadata that
 *     are overwritten between two flushes. For bytes that move within the file it stores only where
 *     they lie.
 *  2. It serves one thread at a time. Every space passed to it must be that of its file.
 *  3. Functions that can fail return 0 or an errno. After a failure some writes may be missing, so
 *     the file must not be written any further.
 *
 * This header knows neither libhdf5 nor Node.
 */
#ifndef HYPERSLAB_DEFERRED_H
#define HYPERSLAB_DEFERRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/space.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_deferred hs_deferred;

/* Returns NULL when memory is short. */
hs_deferred *hs_deferred_new(void);

void hs_deferred_free(hs_deferred *deferred);

/*
 * Defers a write of `size` bytes at `address`. It replaces earlier writes where they overlap. The
 * bytes are copied.
 */
int hs_deferred_put(hs_deferred *deferred, const void *bytes, size_t size, uint64_t address);

/*
 * Defers a copy of `size` bytes from `from` to `to`, both in the file. The bytes at `from` must not
 * change before it is done.
 */
int hs_deferred_move(hs_deferred *deferred, uint64_t from, uint64_t to, size_t size);

/* Forgets deferred writes to the `size` bytes at `address`, because they are written directly. */
int hs_deferred_drop(hs_deferred *deferred, uint64_t address, uint64_t size);

/*
 * Returns where the current contents of `size` bytes at `address` lie in the file: at `address`, or
 * where a deferred move takes them from. HS_NOWHERE if they lie in several places, or in memory.
 */
uint64_t hs_deferred_source(const hs_deferred *deferred, uint64_t address, uint64_t size);

/* Applies deferred writes to `bytes`, a buffer of `size` bytes that was read from `address`. */
int hs_deferred_overlay(const hs_deferred *deferred, hs_space *space, void *bytes, size_t size,
                        uint64_t address);

bool hs_deferred_is_empty(const hs_deferred *deferred);

/*
 * One deferred write to `size` bytes at `address`: either of `bytes`, which are borrowed, with
 * `from` HS_NOWHERE; or of what lies at `from` in the file, with `bytes` NULL.
 */
typedef struct {
  uint64_t address, size, from;
  const uint8_t *bytes;
} hs_deferred_block;

/*
 * Calls `visit` for each block in the order of addresses, until it returns other than 0. Returns
 * what it returned last, or 0. `visit` must not defer or drop writes.
 */
int hs_deferred_each(const hs_deferred *deferred,
                     int (*visit)(void *context, const hs_deferred_block *block), void *context);

/*
 * Reserves room on the disk for all deferred writes, so that applying them does not fail on a full
 * disk. No help on file systems that don't overwrite in place.
 */
int hs_deferred_ensure_room(const hs_deferred *deferred, hs_space *space);

/* Writes everything in place. Nothing is deferred any more then. */
int hs_deferred_apply(hs_deferred *deferred, hs_space *space);

#ifdef __cplusplus
}
#endif
#endif
