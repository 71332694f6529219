"""Compares files with their sources, as numpy alone reads these.

stdin: {"folder": path, "paths": [...], "acquisition": [{"name", "data": {"source"}}]};
stdout: for each path, by series, what differs in h5py and in PyNWB, and what validators say.
"""

import json
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import h5py
import numpy as np
import pynwb
from checks import answer, difference, judgement

given = json.load(sys.stdin)
folder = Path(given['folder'])


def read(source):
    """The model: a source as an array."""
    kind = source['type']
    if kind == 'module':
        options = source['options']
        return np.fromfile(options['path'], options['dtype']).reshape(options['shape'])
    if kind in ('concat', 'stack'):
        parts = [read(part) for part in source.get('sources') or named(source)]
        if kind == 'concat':
            return np.concatenate(parts)
        return np.column_stack([part.reshape(-1) for part in parts])
    array = np.load(folder / source['path']) if kind == 'npy' else raw(source)
    columns = source.get('columns')
    return array if columns is None else array[..., selection(columns)]


def raw(source):
    endian = '>' if source.get('endian') == 'big' else '<'
    dtype = np.dtype(source['dtype']).newbyteorder(endian)
    flat = np.fromfile(folder / source['path'], dtype, offset=source.get('offset', 0))
    shape = [-1 if length is None else length for length in source['shape']]
    return flat.reshape(shape, order=source.get('order', 'C'))


def named(source):
    """The files that a pattern means, by their numbers."""
    paths = [path.name for path in folder.iterdir() if fnmatchcase(path.name, source['files'])]
    paths.sort(key=lambda name: int(re.search(r'\d+', name).group()))
    return [{**source['each'], 'path': path} for path in paths]


def selection(columns):
    if isinstance(columns, list):
        return columns
    return slice(*[int(part) if part else None for part in columns.split(':')])


def compare(path, models):
    with h5py.File(path, 'r') as file:
        by_h5py = {
            name: difference(model, file[f'acquisition/{name}/data'][()])
            for name, model in models.items()
        }
    with pynwb.NWBHDF5IO(path, 'r') as io:
        nwb = io.read()
        by_pynwb = {
            name: difference(model, nwb.acquisition[name].data[()])
            for name, model in models.items()
        }
    return {'h5py': by_h5py, 'pynwb': by_pynwb, **judgement(path)}


models = {series['name']: read(series['data']['source']) for series in given['acquisition']}
answer(
    {
        'models': {
            name: {'dtype': model.dtype.newbyteorder('=').name, 'shape': list(model.shape)}
            for name, model in models.items()
        },
        'files': [compare(path, models) for path in given['paths']],
    }
)
