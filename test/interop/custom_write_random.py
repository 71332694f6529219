"""Makes the datasets of a list in JSON on stdin, or reads all datasets of a file.

Arguments: `make` or `read`, HDF5 file. `read` answers with shape and bytes, of the host's byte order,
in hexadecimal digits, by path.
"""

import json
import sys

import h5py
import numpy as np
from checks import answer


def make(path):
    with h5py.File(path, 'w') as file:
        for dataset in json.load(sys.stdin):
            dtype = np.dtype(dataset['dtype']).newbyteorder('>' if dataset['bigEndian'] else '<')
            file.create_dataset(
                dataset['name'],
                shape=dataset['shape'],
                dtype=dtype,
                maxshape=dataset['maxshape'],
                chunks=tuple(dataset['chunks']),
                fillvalue=dtype.type(dataset['fillvalue']),
                **{name: dataset[name] for name in ('compression', 'shuffle', 'fletcher32')},
            )


def read(path):
    found = {}

    def add(name, item):
        if isinstance(item, h5py.Dataset):
            data = item[()]
            native = data.astype(data.dtype.newbyteorder('='))
            found[f'/{name}'] = [item.shape, native.tobytes().hex()]

    with h5py.File(path, 'r') as file:
        file.visititems(add)
    return found


answer(make(sys.argv[2]) if sys.argv[1] == 'make' else read(sys.argv[2]))
