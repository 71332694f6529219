"""Compares the demo's file with its recording, and has it validated and inspected.

Arguments: recording, NWB file
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'interop'))

import numpy as np
import pynwb
from checks import answer, difference, judgement

recording, path = sys.argv[1:]
samples = np.fromfile(recording, '<i2').reshape(-1, 385)
with pynwb.NWBHDF5IO(path, 'r') as io:
    nwb = io.read()
    probe = nwb.acquisition['ElectricalSeriesAP']
    found = {
        'data': difference(samples[:, :384], probe.data[:]),
        'sync': difference(samples[:, 384:], nwb.acquisition['SyncPulses'].data[:]),
        'electrodes': len(probe.electrodes),
        'rate': probe.rate,
        'conversion': probe.conversion,
        'subject': nwb.subject.subject_id,
    }
answer({**found, **judgement(path)})
