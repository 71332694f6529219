"""Compares conversions of the Open Ephys recording with its file as numpy reads it.

stdin: {"paths": [...], "continuous": path, "timestamps": path}; stdout: for each path what differs,
and the same for a copy of the first that was damaged, to show that the checks can fail.
"""

import json
import shutil
import sys

import h5py
import numpy as np
import pynwb
from checks import answer, difference, judgement

CHANNELS = 16
MICROVOLTS_PER_BIT = 0.05
PROBE = 'acquisition/ElectricalSeries'
TETRODE = 'acquisition/TetrodeSeries'

given = json.load(sys.stdin)
samples = np.fromfile(given['continuous'], '<i2').reshape(-1, CHANNELS)
timestamps = np.load(given['timestamps'])


def by_h5py(path):
    with h5py.File(path, 'r') as file:
        return {
            'data': difference(samples, file[f'{PROBE}/data'][()]),
            'tetrode': difference(samples[:, 4:8], file[f'{TETRODE}/data'][()]),
            'timestamps': difference(timestamps, file[f'{TETRODE}/timestamps'][()]),
        }


def by_pynwb(path):
    with pynwb.NWBHDF5IO(path, 'r') as io:
        nwb = io.read()
        probe, tetrode = nwb.acquisition['ElectricalSeries'], nwb.acquisition['TetrodeSeries']
        volts = samples * (MICROVOLTS_PER_BIT * 1e-6)
        scaled = np.asarray(probe.get_data_in_units())
        return {
            'data': difference(samples, probe.data[()]),
            'tetrode': difference(samples[:, 4:8], tetrode.data[()]),
            'timestamps': difference(timestamps, tetrode.timestamps[()]),
            'session': {
                'identifier': nwb.identifier,
                'session_start_time': nwb.session_start_time.isoformat(),
                'experimenter': list(nwb.experimenter),
                'subject': nwb.subject.subject_id,
                'age': nwb.subject.age,
                'rate': probe.rate,
                'starting_time': probe.starting_time,
                'unit': probe.unit,
                'conversion': probe.conversion,
                'largest_error_in_volts': float(np.abs(scaled - volts).max()),
                'electrodes': len(nwb.electrodes),
                'columns': list(nwb.electrodes.colnames),
                'regions': [list(map(int, one.electrodes.data[()])) for one in (probe, tetrode)],
                'group': probe.electrodes.table['group'][0].name,
                'device': probe.electrodes.table['group'][0].device.name,
            },
        }


def examine(path):
    return {'h5py': by_h5py(path), 'pynwb': by_pynwb(path), **judgement(path)}


def damaged(path):
    copy = path.replace('.nwb', '-damaged.nwb')
    shutil.copy(path, copy)
    with h5py.File(copy, 'r+') as file:
        data = file[f'{PROBE}/data']
        data[60_000, 7] += 1
        data.attrs['conversion'] = 1.0
        del data.attrs['unit']
        file[f'{TETRODE}/timestamps'][:] = np.arange(len(samples)) / 40_000
    return copy


paths = [*given['paths'], damaged(given['paths'][0])]
answer({'shape': list(samples.shape), 'files': [examine(path) for path in paths]})
