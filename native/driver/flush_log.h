/*
 * The log of a flush, behind the end of the file that is flushed: all that is held for it, so that
 * a flush which was interrupted can be completed. driver/flush.h says why it is there.
 *
 *   records    for each held block: address, size, where it moves from (or HS_NOWHERE), and the checksum of
 *              the bytes there (or 0), 8 bytes each; then, unless it moves, its bytes
 *   trailer    HS_FLUSH_TRAILER bytes: a signature, where the log begins, bytes of the records, number of
 *              the records, checksum of the records, checksum of the trailer so far, 8 bytes each
 *
 * Numbers are little-endian, checksums XXH3 (64 bits, seed 0). The trailer is written last and ends
 * the file, so a file that ends otherwise, or with a log that is torn, has none.
 *
 *  1. Memory is the caller's. Every function serves one thread at a time for a given file.
 *  2. Functions that may fail return 0 or an errno.
 *  3. A log may come from anywhere: nothing that it says leads out of the file.
 *
 * This header knows neither libhdf5 nor Node.
 */
#ifndef HYPERSLAB_FLUSH_LOG_H
#define HYPERSLAB_FLUSH_LOG_H

#include <stdint.h>

#include "driver/deferred.h"
#include "driver/space.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HS_FLUSH_TRAILER ((uint64_t)48)

/*
 * Writes all that is held as the log that begins at `begin`, at or behind the end of the file.
 * Whoever interrupts this leaves no log.
 */
int hs_flush_log_write(const hs_deferred *deferred, hs_space *space, uint64_t begin);

/*
 * Takes the log at the end of a file of `size` bytes, if there is one, into `held`, which is empty:
 * all as moves, of bytes that lie in the log or in the file before it. So the log must stay as long
 * as they are held.
 *
 * `begin` is where the log begins, or `size` where there is none. Bytes that are to be moved and
 * are no longer what they were are EBADMSG; `held` is then not whole, and must not be used.
 */
int hs_flush_log_read(hs_space *space, uint64_t size, hs_deferred *deferred, uint64_t *begin);

#ifdef __cplusplus
}
#endif
#endif
