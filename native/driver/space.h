/*
 * The space of one open file: who may write where.
 *
 * libhdf5 (through the driver) and the workers take addresses from one counter, the tail, so no two
 * of them ever own the same bytes. This header knows neither libhdf5 nor Node.
 *
 * Lifetime
 *  1. A space is counted by references. hs_space_open() returns the first one.
 *  2. hs_space_attach() takes another by token, from any thread. Each reference is given back once,
 *     with hs_space_release().
 *  3. hs_space_close() ends the life of the file: from then on attach, reserve and write return
 *     errors. Memory and descriptor are freed with the last reference, so a late writer gets an
 *     error, never a descriptor that belongs to another file.
 *
 * Threads: every function may be called from any thread, unless it says otherwise.
 */
#ifndef HYPERSLAB_SPACE_H
#define HYPERSLAB_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/ranges.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_space hs_space;

/* No address: the result of a reservation that failed. */
#define HS_NOWHERE UINT64_MAX

/*
 * The highest end of a file: up to here addresses are exact as doubles, which is how JavaScript
 * gets them.
 */
#define HS_MAX_ADDRESS (UINT64_C(1) << 53)

/*
 * Takes over `fd`, which is open for reading and writing. Returns NULL when memory is short; the
 * caller then still owns `fd`.
 */
hs_space *hs_space_open(int fd, uint64_t tail);

/* A token that names the space in this process: never 0, never used twice. */
uint64_t hs_space_token(const hs_space *space);

/* Another reference, or NULL if no open file has this token. */
hs_space *hs_space_attach(uint64_t token);

void hs_space_release(hs_space *space);

/* Ends the life of the file; see 3. The caller keeps its reference. */
void hs_space_close(hs_space *space);

/* The end of allocated space, in bytes from the start of the file. */
uint64_t hs_space_tail(const hs_space *space);

/* Raises the tail to `tail`; never lowers it. */
void hs_space_raise(hs_space *space, uint64_t tail);

bool hs_space_is_closed(const hs_space *space);

/*
 * Reserves `size` bytes and returns their address, or HS_NOWHERE if the file is closed or they
 * would end behind HS_MAX_ADDRESS.
 */
uint64_t hs_space_reserve(hs_space *space, uint64_t size);

/*
 * As hs_space_reserve(), but prefers space that was given back; for chunks, which need no gap behind
 * them.
 */
uint64_t hs_space_reserve_chunk(hs_space *space, uint64_t size);

/*
 * Gives back ranges that nothing in the file refers to any more, neither as the last flush left it nor
 * now, and empties `ranges`. They are reserved again for chunks; at the end of the file the tail is
 * lowered instead. No other thread may read or write them.
 */
void hs_space_give(hs_space *space, hs_ranges *ranges);

/* The tail once `ranges` are given back. */
uint64_t hs_space_tail_without(hs_space *space, const hs_ranges *ranges);

/*
 * Makes all threads that reserve wait until hs_space_thaw(), which the same thread must call. Until
 * then it must not reserve or raise the tail itself. Returns the tail.
 */
uint64_t hs_space_freeze(hs_space *space);

void hs_space_thaw(hs_space *space);

/* File systems share whole blocks of this size between files, at multiples of it. */
#define HS_BLOCK ((uint64_t)4096)

/* As hs_space_reserve(), but at a multiple of HS_BLOCK. */
uint64_t hs_space_reserve_blocks(hs_space *space, uint64_t size);

/* Whether hs_space_share() is worth trying: true until it first fails. */
bool hs_space_can_share(const hs_space *space);

/*
 * Makes `size` bytes at `address` share the blocks of another file, open for reading, at
 * `position`, instead of writing a copy. All numbers are multiples of HS_BLOCK. Changing either
 * file later leaves the other as it is. Returns false if the file system can't do this, as most
 * can't, or not between these two files.
 */
bool hs_space_share(hs_space *space, int file, uint64_t position, uint64_t size, uint64_t address);

/*
 * Writes all of `size` bytes at `address`. Returns 0 or an errno; EBADF if the file is closed.
 */
int hs_space_write(hs_space *space, const void *bytes, size_t size, uint64_t address);

/* Sets `size` to the length of the file. Returns 0 or an errno. */
int hs_space_size(const hs_space *space, uint64_t *size);

/* Sets the length of the file. Returns 0 or an errno. */
int hs_space_resize(hs_space *space, uint64_t size);

/*
 * Reserves room on the disk for `size` bytes at `address`, so that writing them does not fail on a
 * full disk. Their contents stay. Returns 0, or ENOSPC, EDQUOT or EFBIG. Does nothing if the file
 * system can't reserve.
 */
int hs_space_ensure(hs_space *space, uint64_t address, uint64_t size);

/*
 * Asks the system to start writing bytes back to the disk, without waiting, and to drop bytes that
 * were written well before from its cache. So the disk works while the workers do, little is left
 * for the sync at the end, and a file of any size takes little of the cache that other programs
 * use. A hint: does nothing where the system has no such calls.
 */
void hs_space_begin_sync(hs_space *space, uint64_t address, uint64_t size);

/*
 * Reads `size` bytes at `address`. Bytes behind the end of the file read as zero. Returns 0 or an
 * errno.
 */
int hs_space_read(hs_space *space, void *bytes, size_t size, uint64_t address);

/* Copies `size` bytes within the file; the two ranges must not overlap. Returns 0 or an errno. */
int hs_space_copy(hs_space *space, uint64_t from, uint64_t to, size_t size);

/* The descriptor, for the locks of the driver only. */
int hs_space_fd(const hs_space *space);

#ifdef __cplusplus
}
#endif
#endif
