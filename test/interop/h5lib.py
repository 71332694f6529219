"""h5py's side of the tests of h5lib.

`describe PATH...`: stdout: the content of each file, by canonical.py.
`make FOLDER`: writes files of everything that h5lib reads; stdout: name, path and content of each.
`open PATH MODE`: stdout: whether h5py opens it.
`hold PATH MODE`: opens it, says so, and keeps it open until stdin ends.
"""

import os
import sys

import h5py
import numpy as np
from canonical import tree
from checks import answer

INTEGERS = [f'{sign}int{bits}' for sign in ('', 'u') for bits in (8, 16, 32, 64)]
FLOATS = ['float32', 'float64']
TEXTS = ['', 'volts', 'µV – 😀', 'two\nlines', 'x' * 3000]
EVERY_READER = ('earliest', 'latest')
NEWER = ('v110', 'v110')


def samples(name):
    """Extremes of a type, and a number between."""
    dtype = np.dtype(name)
    if dtype.kind == 'f':
        limits = np.finfo(dtype)
        return np.array([limits.min, limits.tiny, np.nan, -0.0, np.inf, limits.max], dtype)
    limits = np.iinfo(dtype)
    return np.array([limits.min, 0, 1, 100, limits.max - 1, limits.max], dtype)


def space_padded(texts, size):
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(size)
    kind.set_strpad(h5py.h5t.STR_SPACEPAD)
    return kind, np.array([text.ljust(size) for text in texts], f'S{size}')


def add_attributes(group):
    attrs = group.attrs
    for name in INTEGERS + FLOATS:
        values = samples(name)
        attrs[f'{name} scalar'] = values[-1]
        attrs[f'{name} array'] = values
        attrs[f'{name} table'] = values.reshape(2, 3)
        attrs[f'{name} none'] = values[:0]
        attrs.create(f'{name} big-endian', values, dtype=values.dtype.newbyteorder('>'))
    attrs['bool'] = np.True_
    attrs['bool array'] = np.array([True, False, True])
    for at, text in enumerate(TEXTS):
        attrs[f'text {at}'] = text
    attrs['texts'] = TEXTS
    attrs.create('ascii', 'plain', dtype=h5py.string_dtype('ascii'))
    attrs['fixed'] = np.bytes_('fixed')
    attrs.create('fixed utf-8', 'µV'.encode(), dtype=h5py.string_dtype('utf-8', 8))
    attrs['fixed array'] = np.array([b'a', b'bcd', b''])
    attrs['empty number'] = h5py.Empty('f4')
    attrs['empty text'] = h5py.Empty(h5py.string_dtype())
    attrs['no texts'] = np.array([], h5py.string_dtype())


def add_references(file, group):
    targets = [file['/attributes'], file['/datasets/int16 array']]
    references = np.array([target.ref for target in targets], h5py.ref_dtype)
    group.attrs['one'] = targets[0].ref
    group.attrs.create('many', references, dtype=h5py.ref_dtype)
    group.create_dataset('to objects', data=references, dtype=h5py.ref_dtype)
    group['soft'] = h5py.SoftLink('/datasets/int16 array')
    group['dangling'] = h5py.SoftLink('/nowhere/at all')
    group['hard'] = file['/datasets/int16 array']


def add_datasets(group):
    for name in INTEGERS + FLOATS:
        values = samples(name)
        group.create_dataset(f'{name} scalar', data=values[0])
        group.create_dataset(f'{name} array', data=values)
        group.create_dataset(f'{name} none', data=values[:0])
        group.create_dataset(f'{name} big-endian', data=values.astype(values.dtype.newbyteorder('>')))
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(values.shape)
        kind = h5py.h5t.py_create(values.dtype)
        made = h5py.h5d.create(group.id, f'{name} compact'.encode(), kind, space, compact)
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, values)
    group.create_dataset('bool', data=np.array([[True, False], [False, True]]))
    group.create_dataset('text', data=TEXTS[2])
    group.create_dataset('texts', data=TEXTS, dtype=h5py.string_dtype())
    group.create_dataset('fixed', data=np.array([b'one', b'three']))
    kind, texts = space_padded(['left', 'and right'], 12)
    space = h5py.h5s.create_simple(texts.shape)
    padded = h5py.h5d.create(group.id, b'space-padded', kind, space)
    padded.write(h5py.h5s.ALL, h5py.h5s.ALL, texts, mtype=kind)
    group.create_dataset('empty', data=h5py.Empty('i2'))
    group.create_dataset('unwritten', (4, 3), 'i4', fillvalue=-7)
    group.create_dataset('unwritten texts', (2,), h5py.string_dtype())


def add_chunked(group, seed):
    rng = np.random.default_rng(seed)
    filters = [
        {},
        {'compression': 'gzip'},
        {'compression': 'gzip', 'compression_opts': 9, 'shuffle': True},
        {'shuffle': True, 'fletcher32': True},
        {'compression': 'gzip', 'shuffle': True, 'fletcher32': True},
        {'fletcher32': True},
    ]
    kinds = [
        ((101,), (16,), None),
        ((53, 7), (10, 3), (None, 7)),
        ((11, 6, 5), (4, 6, 2), (None, None, 5)),
        ((9, 4, 3, 2), (9, 4, 3, 2), None),
    ]
    for at, name in enumerate(INTEGERS + FLOATS):
        for way, options in enumerate(filters):
            shape, chunks, maxshape = kinds[(at + way) % len(kinds)]
            values = (rng.integers(0, 100, shape) + np.arange(shape[-1])).astype(name)
            group.create_dataset(
                f'{name} {way}',
                data=values,
                chunks=chunks,
                maxshape=maxshape,
                fillvalue=np.dtype(name).type(way),
                **options,
            )
    big = rng.integers(-9, 9, (40, 3)).astype('>i4')
    group.create_dataset('big-endian', data=big, chunks=(7, 2), compression='gzip', shuffle=True)
    partial = group.create_dataset('partial', (40, 6), 'i2', chunks=(8, 4), fillvalue=5)
    partial[8:16, 4:6] = 9
    group.create_dataset('unwritten', (40, 6), 'i2', chunks=(8, 4), compression='gzip')
    group.create_dataset('texts', data=TEXTS * 3, chunks=(4,), dtype=h5py.string_dtype())


def fill(file, seed):
    file.attrs['title'] = 'everything that h5lib reads'
    add_attributes(file.create_group('attributes'))
    add_datasets(file.create_group('datasets'))
    add_references(file, file.create_group('references'))
    add_chunked(file.create_group('chunked'), seed)
    file.create_group('deep/er/and', track_order=True).create_group('µ/😀').attrs['here'] = 1
    file.create_group('nothing')


def add_unsupported(file):
    file.create_dataset('compound', data=np.zeros(3, [('a', 'i4'), ('b', 'f8')]))
    file.create_dataset('complex', data=np.zeros(3, 'c16'))
    file.create_dataset('float16', data=np.zeros(3, 'f2'))
    file.create_dataset('enum', data=[0, 1], dtype=h5py.enum_dtype({'A': 0, 'B': 1}, 'i4'))
    file.create_dataset('opaque', data=np.zeros(3, 'V4'))
    file.create_dataset('vlen', (2,), h5py.vlen_dtype('i4'))
    file.create_dataset('region', data=[file['float16'].regionref[:]], dtype=h5py.regionref_dtype)
    file.create_dataset('lzf', data=np.arange(100), compression='lzf')
    file.attrs['compound'] = np.zeros((), [('a', 'i4')])
    file['external'] = h5py.ExternalLink('elsewhere.h5', '/there')


def make(folder):
    made = {}
    ways = {
        'earliest': {'libver': EVERY_READER},
        'v110': {'libver': NEWER},
        'userblock': {'libver': EVERY_READER, 'userblock_size': 512},
        'paged': {'libver': NEWER, 'fs_strategy': 'page', 'fs_persist': True},
    }
    for at, (name, options) in enumerate(ways.items()):
        path = os.path.join(folder, f'{name}.h5')
        with h5py.File(path, 'w', **options) as file:
            fill(file, seed=at)
            made[name] = {'path': path, 'tree': tree(file)}
    path = os.path.join(folder, 'unsupported.h5')
    with h5py.File(path, 'w') as file:
        add_unsupported(file)
    made['unsupported'] = {'path': path, 'tree': {}}
    return made


def describe(path):
    with h5py.File(path, 'r') as file:
        return tree(file)


def attempt(path, mode):
    try:
        h5py.File(path, mode).close()
        return {'opened': True}
    except OSError as error:
        return {'opened': False, 'error': str(error)}


def hold(path, mode):
    with h5py.File(path, mode):
        print('holding', flush=True)
        sys.stdin.read()


def main(command, *arguments):
    if command == 'describe':
        answer([describe(path) for path in arguments])
    elif command == 'make':
        answer(make(*arguments))
    elif command == 'open':
        answer(attempt(*arguments))
    elif command == 'hold':
        hold(*arguments)


main(*sys.argv[1:])
