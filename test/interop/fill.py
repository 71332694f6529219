"""Files whose datasets are to be filled, as PyNWB and h5py make them, and what became of them.

Arguments: `make` and a folder; `check`. `check` reads from stdin {path, before, pynwb, datasets}: the
file, a copy of what it was, whether PyNWB is to read it, and by path what datasets should hold, as
{items, dtype, shape} with the items in a plain file. It answers with what differs, by path, in these
and in all other objects of the file but the checksums.
"""

import json
import sys
from datetime import datetime

import h5py
import numpy as np
from checks import answer, difference, validation

FORMATS = {
    'earliest': {},
    'v110': {'libver': ('v110', 'v110')},
    'userblock': {'userblock_size': 512},
    'none': {'fs_strategy': 'none'},
    'page': {'fs_strategy': 'page', 'fs_persist': True},
    'fsm': {'fs_strategy': 'fsm', 'fs_persist': True},
}
ALL = {'compression': 'gzip', 'shuffle': True, 'fletcher32': True}


def make_h5py(path, options):
    held = (np.arange(400) % 100).reshape(100, 4)
    with h5py.File(path, 'w', **options) as file:
        file['gone'] = np.random.default_rng(0).random((5000, 4))
        growing = {'maxshape': (None, 4), 'chunks': (16, 3)}
        file.create_dataset('plain', shape=(0, 4), dtype='i2', **growing)
        file.create_dataset('gzip', shape=(0, 4), dtype='i2', compression='gzip', **growing)
        file.create_dataset('all', shape=(0, 4), dtype='i2', **ALL, **growing)
        file.create_dataset('big', shape=(100, 4), dtype='>i2', compression='gzip', **growing)
        file.create_dataset('big_held', data=held.astype('>i4'), fletcher32=True, **growing)
        file.create_dataset('held', data=held.astype('f8'), **ALL, **growing)
        file.create_dataset('held_fixed', data=held.astype('i2'), chunks=(16, 3))
        file.create_dataset('wide', shape=(0, 0), dtype='f4', chunks=(8, 8), maxshape=(None, None), fillvalue=np.nan)
        file.create_dataset('other', data=held, **ALL, **growing)
        file['contiguous'] = held
        file.create_dataset('flat', data=held.astype('i2'))
        file.create_dataset('flat_big', data=held.astype('>i2'))
        file.create_dataset('flat_held', data=held.astype('>f8'))
        file.create_dataset('unallocated', shape=(100, 4), dtype='i2', fillvalue=-1)
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((100, 4))
        h5py.h5d.create(file.id, b'compact', h5py.h5t.STD_I16BE, space, compact)
    # Leaves free space, which is remembered where the file says so.
    with h5py.File(path, 'r+') as file:
        del file['gone']


def make_refusals(folder):
    empty = {'shape': (0, 4), 'dtype': 'i2', 'maxshape': (None, 4), 'chunks': (16, 3)}
    with h5py.File(f'{folder}/outside.h5', 'w') as file:
        file.create_dataset('data', **empty)
    # Where free space is remembered, a file changes by being opened to be written.
    with h5py.File(f'{folder}/refusals.h5', 'w', **FORMATS['fsm']) as file:
        file['gone'] = np.zeros((5000, 4))
        file.create_dataset('data', **empty)
        file.create_dataset('lzf', compression='lzf', **empty)
        file['external'] = h5py.ExternalLink('outside.h5', '/data')
        file['group/soft'] = h5py.SoftLink('/external')
        file['group/hard'] = file['data']
    with h5py.File(f'{folder}/refusals.h5', 'r+') as file:
        del file['gone']


def make_pynwb(path):
    import pynwb
    from hdmf.backends.hdf5 import H5DataIO

    nwb = pynwb.NWBFile(
        session_description='empty datasets',
        identifier='fill',
        session_start_time=datetime.fromisoformat('2017-04-03T11:00:00+02:00'),
    )
    empty = np.empty((0, 4), 'i2')
    growing = {'data': empty, 'maxshape': (None, 4)}
    shape = {'shape': (100, 4), 'dtype': np.dtype('i2')}
    data = {
        'plain': H5DataIO(chunks=True, **growing),
        'gzip': H5DataIO(compression='gzip', shuffle=True, chunks=(16, 3), **growing),
        'fletcher32': H5DataIO(fletcher32=True, chunks=(16, 4), **growing),
        'shape': H5DataIO(chunks=(16, 3), **ALL, **shape),
        'nan': H5DataIO(np.empty((0, 4), 'f4'), maxshape=(None, 4), chunks=(16, 4), fillvalue=np.nan),
        'contiguous': np.zeros((100, 4), 'i2'),
        'other': H5DataIO(np.arange(400).reshape(100, 4), compression='gzip'),
    }
    for name, values in data.items():
        nwb.add_acquisition(pynwb.TimeSeries(name=name, data=values, unit='n.a.', rate=1.0))
    with pynwb.NWBHDF5IO(path, 'w') as io:
        io.write(nwb)


def make(folder):
    for name, options in FORMATS.items():
        make_h5py(f'{folder}/{name}.h5', options)
    make_refusals(folder)
    make_pynwb(f'{folder}/pynwb.nwb')


def content(item):
    """Attributes and, of a dataset, what it holds and how."""
    found = {f'@{name}': str(value) for name, value in item.attrs.items()}
    if isinstance(item, h5py.Dataset):
        found['data'] = np.asarray(item[()]).tobytes() if item.dtype.kind != 'O' else str(item[()])
        found['how'] = (item.shape, item.maxshape, item.chunks, item.dtype.str, item.compression)
    return found


def other_content(path, filled):
    found = {}
    with h5py.File(path, 'r') as file:
        file.visititems(
            lambda name, item: (
                found.update({name: content(item)})
                if f'/{name}' not in filled and name.split('/')[0] != 'hyperslab'
                else None
            )
        )
        for name in filled:
            found[name] = {f'@{key}': str(value) for key, value in file[name].attrs.items()}
    return found


def check():
    given = json.load(sys.stdin)
    expected = {
        path: np.fromfile(one['items'], one['dtype']).reshape(one['shape'])
        for path, one in given['datasets'].items()
    }
    with h5py.File(given['path'], 'r') as file:
        differences = {path: difference(array, file[path][()]) or '' for path, array in expected.items()}
    old, new = (other_content(given[which], expected) for which in ('before', 'path'))
    result = {'differences': differences, 'others': [name for name in {**old, **new} if old.get(name) != new.get(name)]}
    if given['pynwb']:
        import pynwb

        with pynwb.NWBHDF5IO(given['path'], 'r') as io:
            acquisition = io.read().acquisition
            result['pynwb'] = {
                path: difference(array, acquisition[path.split('/')[2]].data[:]) or ''
                for path, array in expected.items()
            }
        result['validation'] = validation(given['path'])
    return result


ACTIONS = {'make': make, 'check': check}
answer(ACTIONS[sys.argv[1]](*sys.argv[2:]))
