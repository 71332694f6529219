"""h5py's side of the tests of flushes that are interrupted.

`make PATH LIBVER`: a file of chunks, of values in one piece, and of attributes.
`read PATH...`: stdout: for each path all that the file holds, as one text.
"""

import json
import sys

import h5py
import numpy as np


def make(path, libver):
    with h5py.File(path, 'w', libver=(libver, 'latest')) as file:
        rows = np.arange(4000, dtype='i2').reshape(1000, 4)
        options = dict(chunks=(50, 4), maxshape=(None, 4))
        packed = file.create_dataset('acquisition/packed', data=rows, compression='gzip', **options)
        packed.attrs['unit'] = 'volts'
        file.create_dataset('acquisition/plain', data=rows, **options)
        file.create_dataset('contiguous', data=np.arange(3000, dtype='i4'))
        file.attrs['note'] = 'x' * 100


def read(path):
    found = []

    def visit(name, item):
        values = item[()].tolist() if isinstance(item, h5py.Dataset) else None
        found.append([name, values, sorted((key, str(value)) for key, value in item.attrs.items())])

    with h5py.File(path, 'r') as file:
        visit('/', file)
        file.visititems(visit)
    return json.dumps(found)


command, *rest = sys.argv[1:]
if command == 'make':
    make(*rest)
print(json.dumps([read(path) for path in rest] if command == 'read' else True))
