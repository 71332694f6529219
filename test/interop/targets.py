"""Files with chunked datasets into which chunks are placed.

`make FOLDER`: writes them with h5py and PyNWB; stdout: by name the path, and those of the datasets.
`check PATH...`: stdout: the content of each by canonical.py, and of NWB files what PyNWB reads.
"""

import os
import sys
from datetime import datetime, timezone

import h5py
import numpy as np
import pynwb
from canonical import tree, value
from checks import answer, validation
from hdmf.backends.hdf5 import H5DataIO

SHAPE, CHUNKS = (123, 12), (20, 5)
STORAGE = {
    'plain': {},
    'gzip': {'compression': 'gzip', 'shuffle': True, 'fillvalue': -3},
    'checked': {
        'compression': 'gzip',
        'shuffle': True,
        'fletcher32': True,
        'maxshape': (None, 12),
    },
    'wide': {'compression': 'gzip', 'maxshape': (None, None), 'fillvalue': 77},
}
FILES = {
    'earliest': {'libver': ('earliest', 'latest')},
    'v110': {'libver': ('v110', 'v110')},
    'userblock': {'libver': ('earliest', 'latest'), 'userblock_size': 1024},
    'paged': {'libver': ('v110', 'v110'), 'fs_strategy': 'page', 'fs_page_size': 4096},
    'paged, kept': {'libver': ('v110', 'v110'), 'fs_strategy': 'page', 'fs_persist': True},
    'free space kept': {'libver': ('v110', 'v110'), 'fs_strategy': 'fsm', 'fs_persist': True},
    'no free space': {'libver': ('v110', 'v110'), 'fs_strategy': 'none'},
}


def samples(index):
    rng = np.random.default_rng(index)
    return (rng.integers(-50, 50, SHAPE) + np.arange(SHAPE[0])[:, None]).astype('i2')


def by_h5py(path, options):
    with h5py.File(path, 'w', **options) as file:
        for index, (name, storage) in enumerate(STORAGE.items()):
            file.create_dataset(name, data=samples(index), chunks=CHUNKS, **storage)
        file.create_dataset('empty', SHAPE, 'i2', chunks=CHUNKS, compression='gzip')
        # Holes that libhdf5 may fill again.
        for name in ('gzip', 'wide'):
            file[name][40:80] = samples(7)[40:80] * 7
    return ['/' + name for name in (*STORAGE, 'empty')]


def by_pynwb(path):
    start = datetime(2026, 11, 22, 10, tzinfo=timezone.utc)
    nwb = pynwb.NWBFile(session_description='-', identifier='-', session_start_time=start)
    for index, (name, storage) in enumerate(STORAGE.items()):
        data = H5DataIO(samples(index), chunks=CHUNKS, **storage)
        nwb.add_acquisition(pynwb.TimeSeries(name=name, data=data, unit='a.u.', rate=10.0))
    with pynwb.NWBHDF5IO(path, 'w') as io:
        io.write(nwb)
    return [f'/acquisition/{name}/data' for name in STORAGE]


def make(folder):
    made = {}
    for name, options in FILES.items():
        path = os.path.join(folder, f'{name}.h5')
        made[name] = {'path': path, 'datasets': by_h5py(path, options)}
    path = os.path.join(folder, 'pynwb.nwb')
    made['PyNWB'] = {'path': path, 'datasets': by_pynwb(path)}
    return made


def read_by_pynwb(path):
    with pynwb.NWBHDF5IO(path, 'r') as io:
        nwb = io.read()
        return {
            f'/acquisition/{name}/data': value(series.data[()], series.data.dtype, None)
            for name, series in nwb.acquisition.items()
        }


def check(path):
    with h5py.File(path, 'r') as file:
        content = tree(file)
    if not path.endswith('.nwb'):
        return {'tree': content}
    return {'tree': content, 'pynwb': read_by_pynwb(path), 'validation': validation(path)}


command, *arguments = sys.argv[1:]
answer(make(*arguments) if command == 'make' else [check(path) for path in arguments])
