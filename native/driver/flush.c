#include "driver/flush.h"

#include "driver/flush_log.h"

/* The log begins behind everything that was reserved, so that it ends the file. */
static int write_logged(hs_deferred *deferred, hs_space *space, uint64_t tail, bool *repairable) {
  uint64_t begin = 0;
  int error = hs_space_size(space, &begin);
  if (error) return error;
  if (begin < tail) begin = tail;
  error = hs_flush_log_write(deferred, space, begin);
  if (error) {
    /*
     * Gives the room back to a full disk. If this fails as well, a torn log stays, which counts as
     * none.
     */
    (void)hs_space_resize(space, begin);
    return error;
  }
  error = hs_deferred_apply(deferred, space);
  if (!error) error = hs_space_resize(space, begin);
  *repairable = error != 0;
  return error;
}

int hs_flush(hs_deferred *deferred, hs_space *space, bool logged, bool *repairable) {
  *repairable = false;
  if (hs_deferred_is_empty(deferred)) return 0;
  int error = hs_deferred_ensure_room(deferred, space);
  if (error) return error;
  if (!logged) return hs_deferred_apply(deferred, space);
  const uint64_t tail = hs_space_freeze(space);
  error = write_logged(deferred, space, tail, repairable);
  hs_space_thaw(space);
  return error;
}

int hs_flush_recover(hs_deferred *deferred, hs_space *space, uint64_t size, bool write,
                     uint64_t *end) {
  int error = hs_flush_log_read(space, size, deferred, end);
  if (error || *end == size || !write) return error;
  error = hs_deferred_ensure_room(deferred, space);
  if (!error) error = hs_deferred_apply(deferred, space);
  return error ? error : hs_space_resize(space, *end);
}
