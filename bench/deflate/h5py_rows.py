"""Compares a dataset with a file of raw values. Takes its options as JSON, and prints what it found as JSON."""

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
# Compares bytes, because NaN is not equal to itself.
equal = found.dtype == expected.dtype and found.tobytes() == expected.tobytes()
print(json.dumps({"equal": equal, "storedBytes": stored, **filters}))
