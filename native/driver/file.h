/*
 * An open file as libhdf5 holds it, shared by driver.c, file.c, opening.c and chunks.c only. The rules of
 * driver/driver.h apply.
 */
#ifndef HYPERSLAB_FILE_H
#define HYPERSLAB_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "driver/deferred.h"
#include "driver/driver.h"
#include "driver/ranges.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

struct hs_file {
  H5FD_t base; /* must be first */
  hs_space *space;
  hs_deferred *deferred;
  hs_ranges *dropped; /* where replaced chunks lay that libhdf5 has given up; for other chunks */
  hs_ranges *staged; /* where chunks lay that the next flush moves, or the last ones have moved */
  uint64_t asked; /* end of the file as libhdf5 was last told it for the superblock */
  uint64_t stated; /* and as the superblock last written has it, or less */
  bool reuses; /* libhdf5 forgets the space of replaced chunks, so `dropped` has it */
  uint64_t vacated; /* chunks that gave up their place and have no other one yet */
  bool trims; /* the superblock may leave out free space at the end */
  uint64_t settled; /* end of the file at the last flush */
  uint64_t raw_deferred; /* bytes of raw data deferred since then */
  dev_t device;
  ino_t inode;
  uint64_t size_at_open;
  bool writable;
  bool rebuild;
  bool logged;
  bool repairable;
  bool abandoned;
  bool shared; /* threads outside libhdf5 may reserve */
  int error; /* errno of the first write that failed */
  uint64_t address; /* where the placed chunk lies, or the located one */
  uint64_t size; /* bytes of that chunk */
  bool placing;
  bool given; /* libhdf5 asked for space for the placed chunk */
  bool lent; /* and got `address` */
  bool answered; /* libhdf5 wrote or read the chunk */
  bool moved; /* libhdf5 chose another address for the placed chunk */
};

/*
 * The "bytes" of a chunk that is placed or located. libhdf5 hands the pointer on to this driver,
 * which recognises the chunk by it and reads or writes nothing. The type and size of a request
 * would not identify the chunk: while libhdf5 looks it up, its metadata cache may write a global
 * heap, which also comes as H5FD_MEM_DRAW and often has 4096 bytes, as a chunk may.
 */
extern char hs_no_bytes[1];

/*
 * Bytes left free behind each allocation of libhdf5. libhdf5 extends a block at the end of the file
 * by asking for the end and then moving it; a worker that reserves in between would get the same
 * bytes. With the gap no block ends at the end of the file, so libhdf5 never extends one.
 */
enum { HS_GAP = 8 };

/*
 * H5FD_class_t.open: opens and locks a file, then empties it or completes an interrupted flush. The
 * caller owns the result. Returns NULL with an error pushed on failure.
 */
H5FD_t *hs_file_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr);

/*
 * Closes a file without a flush, also one that was opened only in part. Threads that still hold its
 * space get an error from then on.
 */
void hs_file_release(hs_file *file);

/*
 * Notes that a write failed. libhdf5 is not told, since after a failed write 1.10 can neither flush
 * nor close the file, and crashes when the process ends. hs_driver_error() reports it instead.
 */
void hs_file_refused(hs_file *file, int error);

/* Pushes an errno on libhdf5's error stack. `name` may be NULL. */
void hs_file_push(const char *function, hid_t minor, const char *name, const char *what, int error);

#endif
