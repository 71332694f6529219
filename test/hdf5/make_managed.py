"""Creates a file whose freed space libhdf5 reuses, as in files of h5py and PyNWB."""

import sys

import h5py
import numpy

with h5py.File(sys.argv[1], "w") as file:
    data = numpy.arange(192, dtype="uint16")
    options = dict(chunks=(32,), maxshape=(None,), compression="gzip", shuffle=False)
    file.create_dataset("data", data=data, **options)
    file.create_dataset("flat", data=numpy.arange(3000, dtype="int32"))
    for k in range(3):
        group = file.create_group(f"group{k}")
        group.attrs["text"] = "x" * 50 * k
        group.attrs["numbers"] = numpy.arange(5, dtype="int32")
print("true")
