"""Datasets of every kind as h5py and PyNWB make them, and numpy's own result of writes into them.

Arguments: `make` and a folder; `check` and a file; `make-nwb`, an NWB file and the options of H5DataIO
as JSON; `check-nwb` and an NWB file. `check` reads from stdin a list of {path, statements}: it does to
numpy arrays, with the values of NAME.before.h5, what the statements say, and answers with what differs
in the file, by path.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import h5py
import numpy as np
from checks import answer, difference, validation
from h5py import h5d, h5p, h5s, h5t

FORMATS = {
    'earliest': {},
    'v110': {'libver': ('v110', 'v110')},
    'userblock': {'userblock_size': 512},
    'page': {'fs_strategy': 'page', 'fs_persist': True},
    'fsm': {'fs_strategy': 'fsm', 'fs_persist': True},
}
DTYPES = ['i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8']
GZIP = {'chunks': (8, 3), 'maxshape': (None, 7), 'compression': 'gzip', 'shuffle': True}
FILTERS = {
    'plain': {},
    'gzip': {'compression': 'gzip', 'compression_opts': 9},
    'shuffle': {'shuffle': True},
    'fletcher32': {'fletcher32': True},
    'all': {'compression': 'gzip', 'shuffle': True, 'fletcher32': True},
}


def numbers(dtype, shape=(60, 7)):
    return (np.arange(np.prod(shape, dtype=int)) % 100).reshape(shape).astype(dtype)


def low_level(group, name, dtype, creation, data):
    """A dataset whose creation property list h5py's own functions do not make."""
    space = h5s.create_simple(data.shape)
    kind = h5t.py_create(np.dtype(dtype))
    h5d.create(group.id, name.encode(), kind, space, creation)
    group[name][...] = data


def content(file):
    """All the datasets that are written into."""
    for dtype in DTYPES:
        file.create_dataset(f'dtype_{dtype}', data=numbers(dtype), **GZIP)
        if dtype[1] != '1':
            file.create_dataset(f'big_{dtype}', data=numbers('>' + dtype), **GZIP)
    for name, filters in FILTERS.items():
        file.create_dataset(f'filter_{name}', data=numbers('i2'), **{**GZIP, 'compression': None, 'shuffle': None, **filters})
    file.create_dataset('bool', data=numbers('i2') % 3 == 0, **GZIP)
    for name, fillvalue in {'nan': np.nan, 'minus': -7.5, 'unset': None}.items():
        file.create_dataset(
            f'fill_{name}', shape=(60, 7), dtype='f4', chunks=(8, 3), maxshape=(None, None), fillvalue=fillvalue
        )
    file.create_dataset('fill_big', shape=(60, 7), dtype='>i4', fillvalue=258, **GZIP)
    file.create_dataset('contiguous', data=numbers('f8'))
    file.create_dataset('contiguous_big', data=numbers('>i2'))
    file.create_dataset('contiguous_empty', shape=(60, 7), dtype='f4', fillvalue=np.nan)
    file.create_dataset('fixed', data=numbers('f8'), chunks=(8, 3))
    file.create_dataset('single_chunk', data=numbers('i4'), chunks=(60, 7), compression='gzip')
    file.create_dataset('two_unlimited', data=numbers('i4'), chunks=(8, 3), maxshape=(None, None))
    file.create_dataset('bounded', data=numbers('i4'), chunks=(8, 3), maxshape=(65, 7))
    file.create_dataset('scalar', data=5.0)
    file.create_dataset('one_axis', data=numbers('u2', (100,)), chunks=(9,), maxshape=(None,))
    file.create_dataset('three_axes', data=numbers('i2', (9, 5, 6)), chunks=(2, 3, 4), maxshape=(None, 5, None))
    file.create_dataset('group/in/group', data=numbers('i2'), **GZIP)
    compact = h5p.create(h5p.DATASET_CREATE)
    compact.set_layout(h5d.COMPACT)
    low_level(file, 'compact', 'i4', compact, numbers('i4'))
    early = h5p.create(h5p.DATASET_CREATE)
    early.set_chunk((8, 3))
    early.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    low_level(file, 'early', 'i4', early, numbers('i4'))
    early.set_deflate(4)
    low_level(file, 'early_gzip', 'i4', early, numbers('i4'))


def others(file):
    """Datasets that can't be written into, or are no datasets of numbers at all."""
    data = numbers('i4')
    file.create_dataset('lzf', data=data, chunks=(10, 7), compression='lzf', maxshape=(None, 7))
    file.create_dataset('scaleoffset', data=data, chunks=(10, 7), scaleoffset=0)
    if h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
        file.create_dataset('szip', data=data, chunks=(10, 7), compression='szip')
    layout = h5py.VirtualLayout((60, 7), 'i2')
    layout[:] = h5py.VirtualSource('earliest.h5', 'dtype_i2', (60, 7))
    file.create_virtual_dataset('virtual', layout)
    file['external'] = h5py.ExternalLink('earliest.h5', '/dtype_i2')
    file['group/soft'] = h5py.SoftLink('/external')
    file['group/same'] = h5py.SoftLink('/scaleoffset')
    file.create_dataset('strings', data=['a', 'b'], dtype=h5py.string_dtype())
    file.create_dataset('compound', data=np.zeros(3, dtype=[('a', 'i4')]))
    file.create_dataset('references', data=np.array([file.ref], dtype=h5py.ref_dtype))


def make(folder):
    """Gives the paths of the datasets that are written into."""
    rng = np.random.default_rng(0)
    for name, options in FORMATS.items():
        with h5py.File(f'{folder}/{name}.h5', 'w', **options) as file:
            file.create_dataset('gone', data=rng.random((3000, 7)), chunks=(100, 7))
            content(file)
        # Leaves free space, which is remembered where the file says so.
        with h5py.File(f'{folder}/{name}.h5', 'r+') as file:
            del file['gone']
    with h5py.File(f'{folder}/others.h5', 'w') as file:
        others(file)
    paths = []
    with h5py.File(f'{folder}/earliest.h5', 'r') as file:
        file.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) else None)
    return paths


def index(axes):
    """A selection as the tests write it in JSON."""
    if not isinstance(axes, list):
        axes = [axes]
    return tuple(axis_index(axis) for axis in axes)


def axis_index(axis):
    if axis is None:
        return slice(None)
    if axis == '...':
        return Ellipsis
    if isinstance(axis, dict):
        return slice(axis['start'], axis['stop'], axis['step'])
    return axis


def values(base, shape, dtype):
    items = (base + np.arange(np.prod(shape, dtype=int))) % (2 if dtype == bool else 100)
    return items.reshape(shape).astype(dtype)


def run(array, fillvalue, statements):
    for statement in statements:
        if 'write' in statement:
            at = index(statement['write'])
            shape = () if statement.get('scalar') else array[at].shape
            array[at] = values(statement['base'], shape, array.dtype)
        elif 'append' in statement:
            rows = values(statement['base'], (statement['append'], *array.shape[1:]), array.dtype)
            array = np.concatenate([array, rows])
        else:
            resized = np.full(statement['resize'], fillvalue, array.dtype)
            common = tuple(slice(min(ours, theirs)) for ours, theirs in zip(array.shape, resized.shape))
            resized[common] = array[common]
            array = resized
    return array


def check(path):
    before = Path(path).with_suffix('.before.h5')
    differences = {}
    with h5py.File(before, 'r') as old, h5py.File(path, 'r') as new:
        for dataset in json.load(sys.stdin):
            name = dataset['path']
            expected = run(np.array(old[name]), old[name].fillvalue, dataset['statements'])
            differences[name] = difference(expected.astype(old[name].dtype), new[name][()]) or ''
    return differences


def make_nwb(path, options):
    import pynwb
    from hdmf.backends.hdf5 import H5DataIO

    nwb = pynwb.NWBFile(
        session_description='an empty dataset',
        identifier='custom-write',
        session_start_time=datetime.fromisoformat('2017-04-03T11:00:00+02:00'),
    )
    data = H5DataIO(
        data=np.empty((0, 10)), maxshape=(None, 10), chunks=True, fillvalue=np.nan, **json.loads(options)
    )
    nwb.add_acquisition(pynwb.TimeSeries(name='synthetic_timeseries', data=data, unit='n.a.', rate=1.0))
    with pynwb.NWBHDF5IO(path, 'w') as io:
        io.write(nwb)


def check_nwb(path):
    import pynwb

    with pynwb.NWBHDF5IO(path, 'r') as io:
        data = io.read().acquisition['synthetic_timeseries'].data
        return {
            'maxshape': data.maxshape,
            'compression': data.compression,
            'shuffle': data.shuffle,
            'rows': [sorted({str(item) for item in row}) for row in data[:]],
            'validation': validation(path),
        }


ACTIONS = {'make': make, 'check': check, 'make-nwb': make_nwb, 'check-nwb': check_nwb}
answer(ACTIONS[sys.argv[1]](*sys.argv[2:]))
