"""Creates a file of chunks that hardly compress, whose space libhdf5 reuses once they are replaced."""

import sys

import h5py
import numpy

with h5py.File(sys.argv[1], "w") as file:
    noise = numpy.random.default_rng(1).integers(0, 65536, 40 * 4096, dtype="uint16")
    file.create_dataset("data", data=noise, chunks=(4096,), compression="gzip", shuffle=False)
print("true")
