#include "driver/file.h"

void hs_driver_identity(const hs_file *file, uint64_t *device, uint64_t *inode) {
  *device = (uint64_t)file->device;
  *inode = (uint64_t)file->inode;
}

hs_space *hs_driver_space(hs_file *file) {
  /* For the last block of an existing file; see HS_GAP. */
  if (!file->shared) hs_space_reserve(file->space, HS_GAP);
  file->shared = true;
  return file->space;
}

void hs_driver_reuse(hs_file *file, bool forgets, bool persists) {
  file->reuses = forgets;
  file->trims = !persists;
}

uint64_t hs_driver_staged(const hs_file *file) { return hs_ranges_bytes(file->staged); }

void hs_driver_reclaim(hs_file *file) {
  if (!file->abandoned && hs_deferred_is_empty(file->deferred))
    hs_space_give(file->space, file->staged);
}

void hs_driver_abandon(hs_file *file) {
  file->abandoned = true;
  file->error = 0;
}

int hs_driver_error(const hs_file *file) { return file->error; }

bool hs_driver_is_repairable(const hs_file *file) { return file->repairable; }
