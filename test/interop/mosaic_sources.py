"""Writes source files: raw arrays and .npy files of seeded random values.

stdin: {"folder": path, "files": [{"path", "dtype", "shape", "order", "endian", "offset" | "version"}]}
"""

import json
import sys
from pathlib import Path

import numpy as np
from checks import answer

SEED = 20261122


def values(rng, dtype, shape, noise):
    """Any bits that there are (noise that gzip can't shrink), or smooth and small numbers."""
    count = int(np.prod(shape))
    if noise:
        return np.frombuffer(rng.bytes(count * dtype.itemsize), dtype).reshape(shape)
    smooth = 60 + 50 * np.sin(np.arange(count) / 97) + rng.integers(0, 4, count)
    array = smooth.astype(dtype)
    if dtype.kind == 'f':
        array[::211] = np.nan
        array[1::307] = np.inf
        array[2::401] = -0.0
    elif dtype.kind == 'i':
        array[::2] *= -1
        array[3:4] = np.iinfo(dtype).min
    array[4:5] = np.finfo(dtype).tiny if dtype.kind == 'f' else np.iinfo(dtype).max
    return array.reshape(shape)


def write(path, file, array):
    if 'version' in file:
        with open(path, 'wb') as target:
            # The order is written as the array has it.
            np.lib.format.write_array(target, array, version=(file['version'], 0))
        return
    rubbish = b'\xa5' * file.get('offset', 0)
    path.write_bytes(rubbish + array.tobytes(order=file['order']))


request = json.load(sys.stdin)
rng = np.random.default_rng(SEED)
for index, file in enumerate(request['files']):
    array = values(rng, np.dtype(file['dtype']), file['shape'], noise=index % 3 == 1)
    stored = array.astype(array.dtype.newbyteorder('>' if file['endian'] == 'big' else '<'))
    ordered = np.asfortranarray(stored) if file['order'] == 'F' else stored
    write(Path(request['folder']) / file['path'], file, ordered)
answer(len(request['files']))
