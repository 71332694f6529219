/* A space as space.c and space_bytes.c know it, and nobody else. */
#ifndef HYPERSLAB_SPACE_STRUCT_H
#define HYPERSLAB_SPACE_STRUCT_H

#include <pthread.h>
#include <stdatomic.h>

#include "driver/space.h"

struct hs_space {
  int fd;
  uint64_t token;
  atomic_uint_fast64_t tail; /* the bit FROZEN is set while reserving must wait */
  pthread_mutex_t frozen;    /* locked as long as that bit is set */
  atomic_bool closed;
  pthread_mutex_t giving; /* guards `given` */
  hs_ranges *given;       /* space to reserve again for chunks */
  atomic_bool has_given;  /* whether `given` may have a range */
  atomic_uint_fast64_t uncached; /* bytes before need not stay in the system's cache; 0 at first */
  atomic_bool unshared; /* the file system has refused to share */
  unsigned references; /* guarded by the registry of space.c */
  hs_space *next; /* guarded by the registry of space.c */
};

#endif
