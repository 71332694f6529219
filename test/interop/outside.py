"""Makes victim.h5, whose objects lead to other files, beside those files; and odd.h5, of unusual sizes."""

import json
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]


def at(name):
    return os.path.join(folder, name)


with open(at("raw.bin"), "wb") as file:
    file.write(b"precious bytes of another file......")
with h5py.File(at("other.h5"), "w") as file:
    file.create_dataset("rows", data=np.arange(20), maxshape=(None,), chunks=(5,))
    file.create_group("group")
with h5py.File(at("victim.h5"), "w", libver=("earliest", "v110")) as file:
    file.create_dataset("external", (36,), "u1", external=[(at("raw.bin"), 0, 36)])
    layout = h5py.VirtualLayout((20,), "i8", maxshape=(None,))
    source = h5py.VirtualSource(at("other.h5"), "rows", (20,), maxshape=(None,))
    layout[: h5py.h5s.UNLIMITED] = source[: h5py.h5s.UNLIMITED]
    file.create_virtual_dataset("virtual", layout)
    file["linked"] = h5py.ExternalLink(at("other.h5"), "/group")
    file["linked rows"] = h5py.ExternalLink(at("other.h5"), "/rows")
    schema = file.create_group("specifications/core/1.0")
    schema.create_dataset("namespace", (1,), h5py.string_dtype(length=36), external=[(at("raw.bin"), 0, 36)])
# Read through, it would have as many rows as this.
with h5py.File(at("other.h5"), "r+") as file:
    file["rows"].resize((50,))
with h5py.File(at("newer.h5"), "w", libver="latest") as file:
    file.create_dataset("x", data=np.zeros((37, 6), "i2"), maxshape=(None, 6), chunks=(10, 4), compression="gzip")
    file.create_group("y")
with h5py.File(at("odd.h5"), "w") as file:
    file.create_dataset("huge", (2**40, 2**20), "i2", maxshape=(None, 2**63), chunks=(1024, 1024))
    file["longest"] = np.zeros(3, "i1")
    file.create_dataset("long", (2**60,), "i1", chunks=(1024,))
    file["\x1b[31mred\x07"] = h5py.SoftLink("/a\nb\x9b2J\u202e")
print(json.dumps({}))
