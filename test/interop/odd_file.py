"""Makes an HDF5 file of what NWB files do not have."""

import json
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1], "w") as file:
    group = file.create_group("group")
    group["up"] = file["/"]
    group["again"] = group
    file["same"] = group
    file["type"] = np.dtype("<f4")
    file["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
    file["compound"] = np.zeros(3, dtype=[("a", "<i4"), ("b", "<f8")])
print(json.dumps({}))
