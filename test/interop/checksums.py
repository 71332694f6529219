"""Reads a file with checksums of its chunks with h5py, PyNWB and NWB Inspector.

stdin: {"path": path, "changed": path, "exported": path, "extended": path, "recording": path,
"index": [...]}

Makes `changed`, a copy in which h5py has written one value; by PyNWB `exported`, and `extended`, which
has one series more.
"""

import json
import shutil
import sys

import h5py
import numpy as np
import pynwb
from checks import answer, difference, judgement

DATA = 'acquisition/ElectricalSeries/data'
given = json.load(sys.stdin)
samples = np.fromfile(given['recording'], '<i2').reshape(-1, 16)


def values(path):
    with pynwb.NWBHDF5IO(path, 'r') as io:
        return difference(samples, io.read().acquisition['ElectricalSeries'].data[:])


shutil.copy(given['path'], given['changed'])
with h5py.File(given['changed'], 'r+') as file:
    file[DATA][tuple(given['index'])] += 1

with pynwb.NWBHDF5IO(given['path'], 'r') as source:
    with pynwb.NWBHDF5IO(given['exported'], 'w') as target:
        target.export(src_io=source)

with pynwb.NWBHDF5IO(given['path'], 'r') as source:
    nwb = source.read()
    nwb.add_acquisition(
        pynwb.TimeSeries(
            name='Lick', description='Licks', data=np.zeros((9, 1)), unit='n.a.', rate=1.0
        )
    )
    with pynwb.NWBHDF5IO(given['extended'], 'w') as target:
        target.export(src_io=source, nwbfile=nwb)

with h5py.File(given['path'], 'r') as file:
    checksums = file[f'hyperslab/checksums/{DATA}']
    kept = {
        'dtype': str(checksums.dtype),
        'numbers': checksums[:, 0].cumsum().tolist(),
        'attributes': {
            name: value if isinstance(value, str) else value.tolist()
            for name, value in checksums.attrs.items()
        },
    }


def sound(path):
    return {'values': values(path), **judgement(path)}


answer({'kept': kept, **{name: sound(given[name]) for name in ('path', 'exported', 'extended')}})
