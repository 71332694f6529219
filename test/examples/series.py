"""Reads a series of an example's file with PyNWB, and compares it with what it should hold.

Arguments: NWB file, name of the series, and what it should hold: `waves ROWS`, `sawtooth ROWS`,
`raw FILE`, or `columns FILE ...`
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'interop'))

import numpy as np
import pynwb
from checks import answer, validation


def waves(rows):
    sample, channel = np.ogrid[: int(rows), :10]
    return np.sin(2 * np.pi * sample / 100 - channel / 2)


def sawtooth(rows):
    sample, channel = np.ogrid[: int(rows), :64]
    return ((sample + 10 * channel) % 400 - 200).astype('<i2')


def raw(path):
    return np.fromfile(path, '<i2').reshape(-1, 64)


def columns(*paths):
    return np.stack([np.fromfile(path, '<f8') for path in paths], axis=1)


path, name, kind, *rest = sys.argv[1:]
expected = {'waves': waves, 'sawtooth': sawtooth, 'raw': raw, 'columns': columns}[kind](*rest)
with pynwb.NWBHDF5IO(path, 'r') as io:
    data = io.read().acquisition[name].data
    same = data.shape == expected.shape and data.dtype == expected.dtype
    found = {
        'shape': data.shape,
        'maxshape': data.maxshape,
        'chunks': data.chunks,
        'dtype': str(data.dtype),
        'compression': data.compression,
        'error': float(np.abs(data[:] - expected).max()) if same else None,
    }
answer({**found, 'validation': validation(path)})
