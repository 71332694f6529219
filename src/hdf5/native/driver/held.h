/*
 * Writes that are held back: what would overwrite a file as the last flush left it waits for the next
 * flush, which first sees to it that the disk has room for all of it. So a full disk, and a crash between
 * two flushes, leave the file as the last flush did.
 *
 *  1. An hs_held owns copies of the bytes that it was given, so it grows with the metadata that are
 *     overwritten between two flushes. Of bytes that only move within the file it keeps where they are.
 *  2. It serves one thread at a time. The space that it gets is that of its file.
 *  3. Functions that may fail return 0 or an errno; after one that failed what is held may not be
 *     whole, so the file must not be written any further.
 *
 * This header knows neither libhdf5 nor Node.
 */
#ifndef HYPERSLAB_HELD_H
#define HYPERSLAB_HELD_H

#include <stddef.h>
#include <stdint.h>

#include "driver/space.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_held hs_held;

/* NULL when memory is short. */
hs_held *hs_held_new(void);

void hs_held_free(hs_held *held);

/* Holds bytes for `address`, in place of what is held for any of them. */
int hs_held_put(hs_held *held, const void *bytes, size_t size, uint64_t address);

/* Holds a copy of the bytes at `from`, which must stay as they are in the file, for `to`. */
int hs_held_move(hs_held *held, uint64_t from, uint64_t to, size_t size);

/* Forgets what is held for `size` bytes at `address`: they are written without it. */
int hs_held_drop(hs_held *held, uint64_t address, uint64_t size);

/* Where the bytes at `address` are in the file until they are moved there: there, or at the `from` of
 * the move that is held for just that address. */
uint64_t hs_held_source(const hs_held *held, uint64_t address);

/* Puts what is held of the `size` bytes at `address` over `bytes`, which were read from there. */
int hs_held_overlay(const hs_held *held, hs_space *space, void *bytes, size_t size, uint64_t address);

/* Writes all to the file, and holds nothing any more. When the disk is full nothing has been written,
 * but on file systems that don't overwrite in place. */
int hs_held_write(hs_held *held, hs_space *space);

#ifdef __cplusplus
}
#endif
#endif
