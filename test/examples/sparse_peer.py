"""Writes the blocks of the sparse-matrix example with PyNWB, and compares the files.

Arguments: folder with the example's files, number of blocks
"""

import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'interop'))

import h5py
import numpy as np
import pynwb
from checks import answer, difference, validation
from hdmf.backends.hdf5 import H5DataIO
from hdmf.data_utils import AbstractDataChunkIterator, DataChunk

LENGTH = 1_000_000
WORD = 0xFFFFFFFF
GZIP = {'compression': 'gzip', 'compression_opts': 4}
LARGE = {'chunks': (100, 100), 'fillvalue': np.nan}
VARIANTS = {
    'sparse': {},
    'sparse-gzip': GZIP,
    'sparse-large-chunks': LARGE,
    'sparse-large-chunks-gzip': {**GZIP, **LARGE},
}


def uniform(seed):
    """The generator of the example."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & WORD
        mixed = (state ^ (state >> 15)) * (1 | state) & WORD
        mixed = ((mixed + (mixed ^ (mixed >> 7)) * (61 | mixed)) & WORD) ^ mixed
        yield (mixed ^ (mixed >> 14)) / 2**32


def make_blocks(count):
    """The corner and the values of each block, in the example's order."""
    draws = uniform(20170403)
    for _ in range(count):
        values = [next(draws) + next(draws) / 2**32 for _ in range(100)]
        corner = [10 * int(next(draws) * LENGTH / 10) for _ in range(2)]
        yield corner, np.array(values).reshape(10, 10)


class Blocks(AbstractDataChunkIterator):
    def __init__(self, blocks):
        self.blocks = iter(blocks)

    def __iter__(self):
        return self

    def __next__(self):
        (row, column), data = next(self.blocks)
        return DataChunk(data, np.s_[row : row + 10, column : column + 10])

    def recommended_chunk_shape(self):
        return (10, 10)

    def recommended_data_shape(self):
        return (LENGTH, LENGTH)

    @property
    def dtype(self):
        return np.dtype(float)

    @property
    def maxshape(self):
        return (LENGTH, LENGTH)


def write_peer(path, name, blocks):
    nwb = pynwb.NWBFile(
        session_description='iterative write: a sparse matrix',
        identifier=f'example-{name}',
        session_start_time=datetime.fromisoformat('2017-04-03T11:00:00+02:00'),
    )
    data = H5DataIO(Blocks(blocks), **VARIANTS[name])
    nwb.add_acquisition(pynwb.TimeSeries(name='matrix', data=data, unit='n.a.', rate=1.0))
    with pynwb.NWBHDF5IO(path, 'w') as io:
        # The example's file has no schemas in it either.
        io.write(nwb, cache_spec=False)


def corners(data):
    """Where the stored chunks of a dataset begin."""
    found = []
    data.id.chunk_iter(lambda chunk: found.append(chunk.chunk_offset))
    return sorted(found)


def compare(ours, peer):
    """None where two datasets have the same chunks and values, else what differs first."""
    if corners(ours) != corners(peer):
        return f'expected {len(corners(peer))} other chunks but received {len(corners(ours))}'
    for row, column in corners(peer):
        chunk = np.s_[row : row + peer.chunks[0], column : column + peer.chunks[1]]
        problem = difference(peer[chunk], ours[chunk])
        if problem is not None:
            return f'chunk at {row}, {column}: {problem}'
    return None


folder, count = Path(sys.argv[1]), int(sys.argv[2])
blocks = list(make_blocks(count))
found = {}
for name in VARIANTS:
    path, peer_path = folder / f'{name}.nwb', folder / f'{name}-pynwb.nwb'
    write_peer(peer_path, name, blocks)
    with h5py.File(path) as file, h5py.File(peer_path) as peer_file:
        ours, peer = file['acquisition/matrix/data'], peer_file['acquisition/matrix/data']
        found[name] = {
            'shape': ours.shape,
            'maxshape': ours.maxshape,
            'chunks': ours.chunks,
            'compression': ours.compression,
            'fillvalue': str(ours.fillvalue),
            'unwritten': str(ours[LENGTH - 1, 0]),
            'storedChunks': ours.id.get_num_chunks(),
            'difference': compare(ours, peer),
            'bytes': path.stat().st_size,
            'peerBytes': peer_path.stat().st_size,
            'validation': validation(path),
        }
answer(found)
