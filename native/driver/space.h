/*
 * The space of one open file: who may write where.
 *
 * libhdf5 (through the driver) and the workers take addresses from one counter, the tail, so that
 * no two of them ever own the same bytes. This header knows neither libhdf5 nor Node.
 *
 * Lifetime
 *  1. A space is counted by references. hs_space_open() returns the first one.
 *  2. hs_space_attach() takes another by token, from any thread; each is given back with
 *     hs_space_release(), once.
 *  3. hs_space_close() ends the life of the file: from then on attach, reserve and write answer
 *     with an error. Memory and descriptor go with the last reference, so a late writer meets an
 *     error, never a descriptor that belongs to someone else.
 *
 * Threads: every function may be called from any thread, unless it says otherwise.
 */
#ifndef HYPERSLAB_SPACE_H
#define HYPERSLAB_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hs_space hs_space;

/* No address: what a refused reservation returns. */
#define HS_NOWHERE UINT64_MAX

/* Where files end: up to here addresses are exact as doubles, as which they travel. */
#define HS_MAX_ADDRESS (UINT64_C(1) << 53)

/* Takes over `fd`, open for reading and writing. NULL when memory is short; fd is then still the
 * caller's. */
hs_space *hs_space_open(int fd, uint64_t tail);

/* A token that names the space in this process; never 0, never used again. */
uint64_t hs_space_token(const hs_space *space);

/* A further reference, or NULL when no open file has this token. */
hs_space *hs_space_attach(uint64_t token);

void hs_space_release(hs_space *space);

/* Ends the life of the file; see 3. The caller still owns its reference. */
void hs_space_close(hs_space *space);

/* The end of allocated space, in bytes from the start of the file. */
uint64_t hs_space_tail(const hs_space *space);

/* Moves the tail up to `tail`; never back. */
void hs_space_raise(hs_space *space, uint64_t tail);

bool hs_space_is_closed(const hs_space *space);

/*
 * Takes `size` bytes: returns their address, or HS_NOWHERE once the file is closed, or where they
 * would end behind HS_MAX_ADDRESS.
 */
uint64_t hs_space_reserve(hs_space *space, uint64_t size);

/*
 * Keeps everybody from reserving until hs_space_thaw(), which the same thread calls: whoever
 * reserves waits. Returns the tail. That thread must not reserve, nor raise the tail, meanwhile.
 */
uint64_t hs_space_freeze(hs_space *space);

void hs_space_thaw(hs_space *space);

/* What file systems share between files: whole blocks of this size, at multiples of it. */
#define HS_BLOCK ((uint64_t)4096)

/* Takes whole blocks for `size` bytes: as hs_space_reserve(), at a multiple of HS_BLOCK. */
uint64_t hs_space_reserve_blocks(hs_space *space, uint64_t size);

/* Whether hs_space_share() is worth trying: until it is refused for the first time. */
bool hs_space_can_share(const hs_space *space);

/*
 * Lets the file share with another one, open for reading, the bytes that it has at `position`,
 * instead of writing them; all numbers are multiples of HS_BLOCK. Whichever file is changed later,
 * the other keeps them. False where that can't be done, which most file systems can't, or not
 * between these two.
 */
bool hs_space_share(hs_space *space, int file, uint64_t position, uint64_t size, uint64_t address);

/*
 * Writes all of `size` bytes at `address`. Returns 0, or an errno: EBADF once the file is closed.
 */
int hs_space_write(hs_space *space, const void *bytes, size_t size, uint64_t address);

/* How long the file is. Returns 0 or an errno. */
int hs_space_size(const hs_space *space, uint64_t *size);

/* Makes the file so long. Returns 0 or an errno. */
int hs_space_resize(hs_space *space, uint64_t size);

/*
 * Sees to it that the disk has room for `size` bytes at `address`, so that writing them won't meet
 * a full one; what they hold stays. Returns 0, or ENOSPC, EDQUOT or EFBIG. Does nothing where the
 * file system can't say.
 */
int hs_space_ensure(hs_space *space, uint64_t address, uint64_t size);

/*
 * Asks the system to begin bringing written bytes to the disk, without waiting, and to keep what
 * was written well before no longer than until it is there. So the disk works while the workers do,
 * little is left for the sync at the end, and a file of any size takes little of the system's
 * cache: what other programs read stays there. A hint: does nothing where the system has no such
 * calls.
 */
void hs_space_begin_sync(hs_space *space, uint64_t address, uint64_t size);

/* Reads `size` bytes at `address`; what lies behind the end of the file reads as zero.
 * Returns 0 or an errno. */
int hs_space_read(hs_space *space, void *bytes, size_t size, uint64_t address);

/* Copies `size` bytes within the file; the two ranges must not overlap. Returns 0 or an errno. */
int hs_space_copy(hs_space *space, uint64_t from, uint64_t to, size_t size);

/* The descriptor, for what the driver alone does with it (lock). */
int hs_space_fd(const hs_space *space);

#ifdef __cplusplus
}
#endif
#endif
