#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/file.h"

herr_t hs_driver_forget_last_chunk(hid_t dataset, const hsize_t *offset) {
  hsize_t size = 0;
  return H5Dget_chunk_storage_size(dataset, offset, &size);
}

/*
 * Writes a chunk of which some bytes are deferred to a new place, so that all of it lies in one
 * piece for readers that do not use libhdf5. The next flush moves it back.
 */
static int gather(hs_file *file, uint64_t address, uint64_t size, uint64_t *from) {
  void *bytes = malloc(size);
  if (!bytes) return ENOMEM;
  int error = hs_space_read(file->space, bytes, size, address);
  if (!error) error = hs_deferred_overlay(file->deferred, file->space, bytes, size, address);
  *from = hs_space_reserve(file->space, size + HS_GAP);
  if (!error && *from == HS_NOWHERE) error = EFBIG;
  if (!error) error = hs_space_write(file->space, bytes, size, *from);
  if (!error) error = hs_deferred_move(file->deferred, *from, address, size);
  free(bytes);
  return error;
}

/* Turns libhdf5's address of a chunk into the address where its bytes now lie. */
static herr_t to_source(hs_file *file, uint64_t *address, uint64_t size) {
  uint64_t from = hs_deferred_source(file->deferred, *address, size);
  int error = 0;
  if (from == HS_NOWHERE && !file->writable) {
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_READERROR,
             "an interrupted flush has written a part of this chunk; open the file with 'r+' to "
             "complete it");
    return -1;
  }
  if (from == HS_NOWHERE) error = gather(file, *address, size, &from);
  *address = from;
  if (!error) return 0;
  hs_file_push(__func__, H5E_READERROR, NULL, "cannot move a chunk", error);
  hs_file_refused(file, error);
  return -1;
}

/* libhdf5's own function, which walks over all chunks in 1.10 and 1.12. */
static herr_t locate_by_walking(hid_t dataset, const hsize_t *offset, uint64_t *address,
                                uint64_t *size, uint32_t *mask) {
  haddr_t found = HADDR_UNDEF;
  hsize_t stored = 0;
  unsigned skipped = 0;
  if (H5Dget_chunk_info_by_coord(dataset, offset, &skipped, &found, &stored) < 0) return -1;
  *address = found == HADDR_UNDEF ? HS_NOWHERE : found;
  *size = found == HADDR_UNDEF ? 0 : stored;
  *mask = skipped;
  return 0;
}

#if !H5_VERSION_GE(2, 0, 0)
/* Sets `not_stored` to whether the first error says that the chunk is not stored. */
static herr_t note_not_stored(unsigned number, const H5E_error2_t *error, void *not_stored) {
  if (number == 0) *(bool *)not_stored = !strcmp(error->desc, "chunk address isn't defined");
  return 0;
}
#endif

/* Finds where libhdf5 has a chunk; its bytes may still lie elsewhere. */
static herr_t look_up(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                      uint64_t *size, uint32_t *mask) {
#if H5_VERSION_GE(2, 0, 0)
  (void)file;
#else /* from 2.0 on H5Dread_chunk has another signature */
  /*
   * H5Dread_chunk looks the address up and asks the driver to read it; the driver notes it and
   * reads nothing.
   */
  file->answered = false;
  const herr_t status = H5Dread_chunk(dataset, H5P_DEFAULT, offset, mask, hs_no_bytes);
  if (status >= 0 && file->answered) {
    *address = file->address;
    *size = file->size;
    return 0;
  }
  /*
   * H5Dread_chunk fails for a chunk that is not stored. Walking would not help: with an extensible
   * array index, 1.10 mistakes chunks for others if an axis before the unlimited one is shorter
   * than its maximum.
   */
  bool not_stored = false;
  if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_not_stored, &not_stored) >= 0 && not_stored) {
    H5Eclear2(H5E_DEFAULT);
    *address = HS_NOWHERE;
    *size = 0;
    *mask = 0;
    return 0;
  }
  /* Other errors come up again below, with their own messages. */
#endif
  return locate_by_walking(dataset, offset, address, size, mask);
}

/* The stored size of a chunk that gave up its place. No compressed chunk is so short. */
enum { VACATED = 1 };

/*
 * Notes the space of the chunk that is about to be replaced by one of `size` bytes. If the sizes are
 * equal, libhdf5 keeps the place. Sets `vacated` to whether the chunk gave up its place before.
 */
static herr_t free_replaced(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t size,
                            bool *vacated) {
  uint64_t address = HS_NOWHERE, old = 0;
  uint32_t mask = 0;
  if (look_up(file, dataset, offset, &address, &old, &mask) < 0) return -1;
  *vacated = file->vacated > 0 && address != HS_NOWHERE && old == VACATED;
  if (!file->reuses || address == HS_NOWHERE || old == size) return 0;
  const int error = hs_ranges_add(file->dropped, address, old);
  if (!error) return 0;
  hs_file_push(__func__, H5E_CANTALLOC, NULL, "cannot note free space", error);
  return -1;
}

herr_t hs_driver_place(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t address,
                       uint64_t size, uint32_t mask, bool *moved) {
  const uint64_t tail = hs_space_tail(file->space);
  if (size == 0 || address > tail || size > tail - address) {
    hs_file_push(__func__, H5E_BADRANGE, NULL, "placed bytes were never reserved", EINVAL);
    return -1;
  }
  bool vacated = false;
  if ((file->reuses || file->vacated > 0) &&
      free_replaced(file, dataset, offset, size, &vacated) < 0)
    return -1;
  file->placing = true;
  file->address = address;
  file->size = size;
  file->given = file->lent = file->answered = file->moved = false;
  herr_t status = H5Dwrite_chunk(dataset, H5P_DEFAULT, mask, offset, (size_t)size, hs_no_bytes);
  file->placing = false;
  /* It is not known then which of the space libhdf5 still uses. */
  if (status < 0) hs_ranges_clear(file->dropped);
  if (status >= 0 && file->error) {
    hs_file_push(__func__, H5E_WRITEERROR, NULL, "cannot write", file->error);
    status = -1;
  } else if (status >= 0 && !file->answered) {
    hs_file_push(__func__, H5E_WRITEERROR, NULL, "libhdf5 did not take the placed chunk", EIO);
    status = -1;
  }
  if (status >= 0 && vacated) file->vacated--;
  *moved = file->moved;
  return status;
}

herr_t hs_driver_vacate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t size,
                        bool *any) {
  uint64_t address = HS_NOWHERE, old = 0;
  uint32_t mask = 0;
  if (look_up(file, dataset, offset, &address, &old, &mask) < 0) return -1;
  if (address == HS_NOWHERE || old == size) return 0;
  *any = true;
  if (old == VACATED) return 0;
  const uint64_t unused = hs_space_reserve_chunk(file->space, VACATED);
  if (unused == HS_NOWHERE) {
    hs_file_push(__func__, H5E_CANTALLOC, NULL, "cannot reserve", EFBIG);
    return -1;
  }
  bool moved = false;
  if (hs_driver_place(file, dataset, offset, unused, VACATED, 0, &moved) < 0) return -1;
  file->vacated++;
  return 0;
}

herr_t hs_driver_locate(hs_file *file, hid_t dataset, const hsize_t *offset, uint64_t *address,
                        uint64_t *size, uint32_t *mask) {
  if (look_up(file, dataset, offset, address, size, mask) < 0) return -1;
  return *address == HS_NOWHERE ? 0 : to_source(file, address, *size);
}
