/*
 * A flush that may be interrupted at any write: the file is then as the last flush left it, or as
 * this one would have, never in between.
 *
 * What is held (driver/deferred.h) overwrites the file of the last flush, and takes many writes. So
 * all of it is first written behind the end of the file, as a log that is whole with its last bytes
 * (driver/flush_log.h); then in place; then the log is cut off. A file that still has a log is
 * completed when it is opened next: to be written, on the disk; to be read, in memory.
 *
 * Why a log of what is to be written: until it is whole nothing in place was touched, so a flush
 * that fails by then (a full disk) has changed nothing, and an undo log would be as long. Chunks
 * are not in it: their new bytes lie elsewhere in the file already, and stay there, so the log only
 * says where from and where to.
 *
 * Why in the file, not in one beside it: it can't be lost, belong to another file, or need a folder
 * that can be written; a copy of the file has it, too. HDF5 allows bytes behind its end of file,
 * and whoever else opens the file to be written through libhdf5 cuts them off. So a log never
 * overwrites what others wrote; but they see the file as it is without the log.
 *
 * What this promises: any end of the process, and errors of the system. Nothing is synced, so after
 * the machine lost its power the file is what its file system made of it.
 *
 *  1. Each function serves one thread at a time for a given file. Others may write what they
 *     reserved meanwhile; whoever reserves waits for the end of a logged flush.
 *  2. Functions that may fail return 0 or an errno.
 *
 * This header knows neither libhdf5 nor Node.
 */
#ifndef HYPERSLAB_FLUSH_H
#define HYPERSLAB_FLUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/deferred.h"
#include "driver/space.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes all that is deferred; nothing is held any more then. Where nothing is, this writes
 * nothing.
 *
 * Without `logged` an interruption leaves a mixture. After one that failed the file must not be
 * written any further; `repairable` says that it failed behind the point from which the log
 * completes it.
 */
int hs_flush(hs_deferred *deferred, hs_space *space, bool logged, bool *repairable);

/*
 * Completes what a flush left of a file of `size` bytes that is being opened: with `write` on the
 * disk, else by holding it. `held` is empty. `end` is where the file ends without a log. EBADMSG:
 * chunks that the flush was to move are no longer what they were; nothing was written then.
 */
int hs_flush_recover(hs_deferred *deferred, hs_space *space, uint64_t size, bool write,
                     uint64_t *end);

#ifdef __cplusplus
}
#endif
#endif
