#include "driver/flush.h"

#include "driver/flush_log.h"

/* The log begins behind all that anyone has reserved, so that it ends the file. */
static int write_logged(hs_held *held, hs_space *space, uint64_t tail, bool *repairable) {
  uint64_t begin = 0;
  int error = hs_space_size(space, &begin);
  if (error) return error;
  if (begin < tail) begin = tail;
  error = hs_flush_log_write(held, space, begin);
  if (error) {
    /* A full disk gets its room back. If this fails, too, a torn log stays, which is none. */
    (void)hs_space_resize(space, begin);
    return error;
  }
  error = hs_held_write(held, space);
  if (!error) error = hs_space_resize(space, begin);
  *repairable = error != 0;
  return error;
}

int hs_flush(hs_held *held, hs_space *space, bool logged, bool *repairable) {
  *repairable = false;
  if (hs_held_is_empty(held)) return 0;
  int error = hs_held_ensure_room(held, space);
  if (error) return error;
  if (!logged) return hs_held_write(held, space);
  const uint64_t tail = hs_space_freeze(space);
  error = write_logged(held, space, tail, repairable);
  hs_space_thaw(space);
  return error;
}

int hs_flush_recover(hs_held *held, hs_space *space, uint64_t size, bool write, uint64_t *end) {
  int error = hs_flush_log_read(space, size, held, end);
  if (error || *end == size || !write) return error;
  error = hs_held_ensure_room(held, space);
  if (!error) error = hs_held_write(held, space);
  return error ? error : hs_space_resize(space, *end);
}
