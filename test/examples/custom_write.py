"""Makes the file of the custom-write example with PyNWB, or reads one.

Arguments: `make` or `read`, NWB file; for `make` `gzip` or `none`, too
"""

import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'interop'))

import numpy as np
import pynwb
from checks import answer, validation
from hdmf.backends.hdf5 import H5DataIO


def make(path, compression):
    nwb = pynwb.NWBFile(
        session_description='an empty dataset',
        identifier='custom-write',
        session_start_time=datetime.fromisoformat('2017-04-03T11:00:00+02:00'),
    )
    filters = {'compression': 'gzip', 'shuffle': True} if compression == 'gzip' else {}
    data = H5DataIO(
        shape=(0, 10),
        dtype=np.dtype(float),
        maxshape=(None, 10),
        chunks=(131072, 2),
        fillvalue=np.nan,
        **filters,
    )
    nwb.add_acquisition(pynwb.TimeSeries(name='counts', data=data, unit='n.a.', rate=1.0))
    with pynwb.NWBHDF5IO(path, 'w') as io:
        io.write(nwb)


def read(path):
    with pynwb.NWBHDF5IO(path, 'r') as io:
        data = io.read().acquisition['counts'].data
        return {
            'maxshape': data.maxshape,
            'chunks': data.chunks,
            'compression': data.compression,
            'fillvalue': str(data.fillvalue),
            'rows': [' '.join(str(item) for item in row) for row in data[:]],
            'validation': validation(path),
        }


action, path, *rest = sys.argv[1:]
answer(make(path, *rest) if action == 'make' else read(path))
