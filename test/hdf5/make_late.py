"""Creates datasets whose chunks libhdf5 allocates all at once, when the first chunk is written."""

import sys

import h5py
import numpy

with h5py.File(sys.argv[1], "w") as file:
    space = h5py.h5s.create_simple((int(sys.argv[2]),), (h5py.h5s.UNLIMITED,))
    fill_times = {"filled": h5py.h5d.FILL_TIME_ALLOC, "unfilled": h5py.h5d.FILL_TIME_NEVER}
    for name, fill_time in fill_times.items():
        created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        created.set_chunk((32,))
        created.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
        created.set_fill_time(fill_time)
        created.set_fill_value(numpy.array(7, "uint16"))
        h5py.h5d.create(file.id, name.encode(), h5py.h5t.STD_U16LE, space, created)
print("true")
