"""Whether h5py reads a dataset as it should be: options as JSON in, what it found as JSON out."""

import json
import sys

import h5py
import numpy as np

options = json.loads(sys.argv[1])

with h5py.File(options["file"], "r") as file:
    dataset = file[options["dataset"]]
    found = dataset[...]
    stored = dataset.id.get_storage_size()
    filters = {
        "compression": dataset.compression,
        "compressionOpts": dataset.compression_opts,
        "shuffle": dataset.shuffle,
        "chunks": list(dataset.chunks),
    }

expected = np.fromfile(options["source"], options["dtype"])
# Bytes, since not all floating-point numbers are equal to themselves.
equal = found.dtype == expected.dtype and found.tobytes() == expected.tobytes()
print(json.dumps({"equal": equal, "storedBytes": stored, **filters}))
