/*
 * What the parts of the driver share: an open file, as libhdf5 holds it. For driver.c, opening.c
 * and chunks.c alone; the rules of driver/driver.h apply.
 */
#ifndef HYPERSLAB_FILE_H
#define HYPERSLAB_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "driver/deferred.h"
#include "driver/driver.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

struct hs_file {
  H5FD_t base; /* must be first */
  hs_space *space;
  hs_deferred *deferred;
  uint64_t settled;  /* where the file of the last flush ends */
  uint64_t raw_deferred; /* bytes of raw data held since */
  dev_t device;
  ino_t inode;
  uint64_t size_at_open;
  bool writable;
  bool rebuild;
  bool logged;
  bool repairable;
  bool abandoned;
  bool shared; /* others than libhdf5 may reserve */
  int error; /* the first write that the system refused */
  uint64_t
      address; /* of a chunk that is placed: where its bytes are; that is located: the answer */
  uint64_t size;    /* likewise */
  bool placing;
  bool given;    /* libhdf5 asked for space while a chunk is placed, and got `address` */
  bool answered; /* the chunk's bytes were asked for */
  bool moved;    /* libhdf5 chose another address for the placed chunk */
};

/*
 * libhdf5 wants a pointer to the bytes of a chunk that is placed or located, which only this driver
 * would read or fill, and does not: the pointer is how it knows the chunk. Type and size would not
 * do. While libhdf5 looks a chunk up its metadata cache may write something else, and a global heap
 * comes as H5FD_MEM_DRAW, too, often with 4096 bytes, as many as a chunk may have.
 */
extern char hs_no_bytes[1];

/*
 * Bytes left free behind what libhdf5 allocates. It lengthens a block that ends where the file does
 * by asking for the end and then moving it; a worker that reserves in between would get the same
 * bytes. No block of its own ends there, so it never does.
 */
enum { HS_GAP = 8 };

/*
 * Opens, locks and empties a file, or completes an interrupted flush of it; as H5FD_class_t.open.
 * The caller owns it; NULL with an error pushed.
 */
H5FD_t *hs_file_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr);

/*
 * Closes a file, or what there is of one, without a flush. Others may write through its space until
 * they release it, and then get an error.
 */
void hs_file_release(hs_file *file);

/*
 * libhdf5 is not told: after a write that failed 1.10 can neither flush nor close the file, and
 * crashes when the process ends. hs_driver_error() tells instead.
 */
void hs_file_refused(hs_file *file, int error);

/* Puts an errno on libhdf5's error stack; `name` may be NULL. */
void hs_file_push(const char *function, hid_t minor, const char *name, const char *what, int error);

#endif
