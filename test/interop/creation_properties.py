"""Makes the datasets of creation_cases.py; reads them again.

make FOLDER: few files, with many datasets; those whose property is the file's have one each. Prints
{FILE: {NAME: {shape, values}}}: values as h5py reads them, in C order; null where they are no numbers.
read FOLDER: prints the same of the files FOLDER/*.h5.
"""

import glob
import json
import os
import sys

import h5py
import numpy as np
from creation_cases import CASES, shuffle_by_four
from h5py import h5f, h5p

BOUNDS = {"v108": h5f.LIBVER_V18, "v110": h5f.LIBVER_V110}


def content(dataset):
    try:
        dtype = dataset.dtype
        if h5py.check_dtype(enum=dtype) or dtype.kind not in "biuf":
            return None
        if dataset.shape is None:
            return {"shape": [0], "values": []}
        return {"shape": dataset.shape, "values": [str(one.item()) for one in np.asarray(dataset[()], dtype).flat]}
    except (TypeError, OSError):
        return None


def read(folder):
    found = {}
    for path in glob.glob(os.path.join(folder, "*.h5")):
        with h5py.File(path, "r") as file:
            names = [name for name in file if name not in ("named type", "hyperslab")]
            found[os.path.basename(path)] = {name: content(file[name]) for name in names}
    return found


def make(folder):
    files = {}
    for name, make_case, file, fcpl in CASES:
        files.setdefault(file, []).append((name, make_case, fcpl))
    for number, (file, cases) in enumerate(files.items()):
        creation, access = h5p.create(h5p.FILE_CREATE), h5p.create(h5p.FILE_ACCESS)
        cases[0][2](creation)
        low = BOUNDS.get(file[-4:], h5f.LIBVER_EARLIEST)
        high = h5f.LIBVER_V110
        if file == "latest":
            low = high = h5f.LIBVER_LATEST
        access.set_libver_bounds(low, high)
        path = os.path.join(folder, f"{number}.h5")
        with h5py.File(h5f.create(path.encode(), h5f.ACC_TRUNC, creation, access)) as opened:
            for name, make_case, _ in cases:
                make_case(opened, name)
        if file == "shuffle":
            shuffle_by_four(path)


if __name__ == "__main__":
    what, folder = sys.argv[1:]
    if what == "make":
        make(folder)
    print(json.dumps(read(folder)))
