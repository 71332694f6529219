/*
 * Writes that are held back: what would overwrite a file as the last flush left it waits for the
 * next flush (driver/flush.h). So a crash between two flushes leaves the file as the last flush
 * did.
 *
 *  1. An hs_deferred owns copies of the bytes that it was given, so it grows with the metadata that
 *     are overwritten between two flushes. Of bytes that only move within the file it keeps where
 *     they are.
 *  2. It serves one thread at a time. The space that it gets is that of its file.
 *  3. Functions that may fail return 0 or an errno; after one that failed what is held may not be
 *     whole, so the file must not be written any further.
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

/* NULL when memory is short. */
hs_deferred *hs_deferred_new(void);

void hs_deferred_free(hs_deferred *deferred);

/* Holds bytes for `address`, in place of what is held for any of them. */
int hs_deferred_put(hs_deferred *deferred, const void *bytes, size_t size, uint64_t address);

/* Holds a copy of the bytes at `from`, which must stay as they are in the file, for `to`. */
int hs_deferred_move(hs_deferred *deferred, uint64_t from, uint64_t to, size_t size);

/* Forgets what is held for `size` bytes at `address`: they are written without it. */
int hs_deferred_drop(hs_deferred *deferred, uint64_t address, uint64_t size);

/* Where `size` bytes that belong at `address` are in the file: there, or where they are moved from.
 * HS_NOWHERE when that is no one place. */
uint64_t hs_deferred_source(const hs_deferred *deferred, uint64_t address, uint64_t size);

/* Puts what is held of the `size` bytes at `address` over `bytes`, which were read from there. */
int hs_deferred_overlay(const hs_deferred *deferred, hs_space *space, void *bytes, size_t size,
                        uint64_t address);

bool hs_deferred_is_empty(const hs_deferred *deferred);

/*
 * What is held for `size` bytes at `address`: `bytes`, which are borrowed, or what lies at `from`
 * in the file; then `bytes` is NULL, else `from` HS_NOWHERE.
 */
typedef struct {
  uint64_t address, size, from;
  const uint8_t *bytes;
} hs_deferred_block;

/*
 * Calls `visit` for all blocks, in the order of their addresses, until it returns other than 0;
 * returns what it returned last. `visit` must not change what is held.
 */
int hs_deferred_each(const hs_deferred *deferred,
                     int (*visit)(void *context, const hs_deferred_block *block), void *context);

/*
 * Sees to it that the disk has room for all that is deferred, so that writing it won't meet a full
 * one, but on file systems that don't overwrite in place.
 */
int hs_deferred_ensure_room(const hs_deferred *deferred, hs_space *space);

/* Writes all in place, and holds nothing any more. */
int hs_deferred_apply(hs_deferred *deferred, hs_space *space);

#ifdef __cplusplus
}
#endif
#endif
