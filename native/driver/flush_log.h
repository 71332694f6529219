/*
 * The log of a flush, behind the end of the file: all deferred writes, so that an interrupted flush
 * can be completed. driver/flush.h says why it exists.
 *
 *   records    for each deferred block 4 numbers: address, size, where it moves from (or
 *              HS_NOWHERE), checksum of the bytes there (or 0); then its bytes, unless it moves
 *   trailer    HS_FLUSH_TRAILER bytes: a signature, where the log begins, bytes of the records,
 *              number of records, checksum of the records, checksum of the trailer so far
 *
 * Numbers have 8 bytes and are little endian; checksums are XXH3 (64 bits, seed 0). The trailer is
 * written last and ends the file. A file that ends otherwise, or with a torn log, has no log.
 *
 *  1. Memory is the caller's. Each function serves one thread at a time for a given file.
 *  2. Functions that can fail return 0 or an errno.
 *  3. A log is not trusted: no address in it leads out of the file.
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
 * Writes all deferred writes as a log that begins at `begin`, at or behind the end of the file. If
 * this is interrupted, the file has no log.
 */
int hs_flush_log_write(const hs_deferred *deferred, hs_space *space, uint64_t begin);

/*
 * Reads the log at the end of a file of `size` bytes, if there is one, into `deferred`, which must
 * be empty. All blocks become moves of bytes that lie in the log or in the file before it, so the
 * log must stay until they are applied.
 *
 * Sets `begin` to where the log begins, or to `size` if there is none. Returns EBADMSG if bytes
 * that are to be moved have changed; `deferred` is then incomplete and must not be used.
 */
int hs_flush_log_read(hs_space *space, uint64_t size, hs_deferred *deferred, uint64_t *begin);

#ifdef __cplusplus
}
#endif
#endif
