/*
 * A flush that may be interrupted at any write: the file is then as the last flush left it, or as
 * this one would have left it, never in between.
 *
 * Deferred writes (driver/deferred.h) overwrite the file of the last flush in many places. So the
 * flush first writes all of them behind the end of the file, as a log that becomes valid with its
 * last bytes (driver/flush_log.h); then in place; then it cuts the log off. When a file that still
 * has a log is opened, the flush is completed: on the disk if the file is opened for writing, in
 * memory if only for reading.
 *
 * Why a redo log: until it is valid nothing was touched in place, so a flush that fails before that
 * (a full disk) has changed nothing. An undo log would be as long. Chunks are not in the log: their
 * new bytes already lie elsewhere in the file, and stay there, so the log only says from where to
 * where they move.
 *
 * Why in the file and not in one beside it: it can't be lost, belong to another file, or need a
 * folder that can be written; and a copy of the file has it, too. HDF5 allows bytes behind its end
 * of file. Other programs that open the file for writing through libhdf5 cut them off, so a log
 * never overwrites what others wrote; but others see the file as it is without the log.
 *
 * What this covers: any end of the process, and errors of the system. Nothing is synced, so after a
 * loss of power the file is whatever its file system made of it.
 *
 *  1. Each function serves one thread at a time for a given file. Other threads may meanwhile write
 *     what they reserved; reserving waits for the end of a logged flush.
 *  2. Functions that can fail return 0 or an errno.
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
 * Applies all deferred writes; writes nothing if there are none.
 *
 * Without `logged` an interruption leaves a mixture of old and new. After a failure the file must
 * not be written any further. `repairable` is then set to whether the log is complete, so that
 * opening the file completes the flush.
 */
int hs_flush(hs_deferred *deferred, hs_space *space, bool logged, bool *repairable);

/*
 * Completes an interrupted flush of a file of `size` bytes that is being opened: on the disk if
 * `write` is set, else in `deferred`, which must be empty. Sets `end` to where the file ends
 * without a log. Returns EBADMSG, having written nothing, if chunks that the flush was to move have
 * changed since.
 */
int hs_flush_recover(hs_deferred *deferred, hs_space *space, uint64_t size, bool write,
                     uint64_t *end);

#ifdef __cplusplus
}
#endif
#endif
