"""One trial: writes data column by column with h5py. Takes its options as JSON, and prints its outcome as JSON."""

import json
import resource
import sys
import time

import h5py
import numpy as np

options = json.loads(sys.argv[1])
rows, columns = options["rows"], options["columns"]
gzip = options["gzip"]
filters = {} if gzip is None else dict(compression="gzip", compression_opts=gzip, shuffle=True)
column = np.empty(rows, "<i2")

begin = time.perf_counter()
with open(options["source"], "rb", buffering=0) as source, h5py.File(options["output"], "w") as file:
    # The defaults of h5py and HDF5, as in a program that does not set the chunk cache.
    cache = file.id.get_access_plist().get_cache()
    dataset = file.create_dataset(
        "data", (rows, columns), "<i2", chunks=tuple(options["chunks"]), **filters
    )
    for at in range(columns):
        assert source.readinto(column) == column.nbytes
        dataset[:, at] = column
seconds = time.perf_counter() - begin

with h5py.File(options["output"], "r") as file:
    stored = file["data"].id.get_storage_size()

print(
    json.dumps(
        {
            "seconds": seconds,
            "rawBytes": rows * columns * 2,
            "storedBytes": stored,
            "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "chunkCacheBytes": cache[2],
            "version": {"h5py": h5py.version.version, "hdf5": h5py.version.hdf5_version},
        }
    )
)
