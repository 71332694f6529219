"""Writes the Open Ephys recording with PyNWB, as session.ts describes it, and a copy with one value
changed.

stdin: {"continuous": path, "path": path, "changed": path, "index": [...]}
"""

import json
import shutil
import sys
from datetime import datetime

import h5py
import numpy as np
import pynwb
from checks import answer
from hdmf.backends.hdf5 import H5DataIO
from pynwb.ecephys import ElectricalSeries
from pynwb.file import Subject

given = json.load(sys.stdin)
samples = np.fromfile(given['continuous'], '<i2').reshape(-1, 16)

nwb = pynwb.NWBFile(
    session_description='Rest in the home cage, silicon probe in dorsal CA1',
    identifier='open-ephys-hippocampus-1',
    session_start_time=datetime.fromisoformat('2019-05-07T10:30:00+01:00'),
    session_id='rest-1',
    experimenter=['Ephys, Open'],
    institution='Open Ephys',
    lab='Demonstrations',
    keywords=['hippocampus', 'silicon probe'],
    experiment_description='Sample data of the Open Ephys GUI',
    subject=Subject(
        subject_id='rat-1',
        species='Rattus norvegicus',
        sex='M',
        age='P90D',
        description='Adult rat',
    ),
)
probe = nwb.create_device(
    name='probe', description='Silicon probe', manufacturer='NeuroNexus'
)
shank = nwb.create_electrode_group(
    name='shank0', device=probe, location='CA1', description='The only shank'
)
for site in range(16):
    nwb.add_electrode(location='CA1', group=shank, rel_x=0.0, rel_y=50.0 * site)
electrodes = nwb.create_electrode_table_region(list(range(16)), 'all electrodes')
options = {'chunks': (4096, 16), 'compression': 'gzip', 'shuffle': True, 'fletcher32': True}
nwb.add_acquisition(
    ElectricalSeries(
        name='ElectricalSeries',
        description='Wide band',
        data=H5DataIO(samples, **options),
        electrodes=electrodes,
        rate=40_000.0,
        starting_time=0.0,
        conversion=5e-8,
    )
)
with pynwb.NWBHDF5IO(given['path'], 'w') as io:
    io.write(nwb)

shutil.copy(given['path'], given['changed'])
with h5py.File(given['changed'], 'r+') as file:
    data = file['acquisition/ElectricalSeries/data']
    index = tuple(given['index'])
    before = int(data[index])
    data[index] = before + 1
answer({'before': before})
