"""Makes the files of a recording with numpy and Python's csv module, or compares a converted file with them.

stdin: {"make": folder} or {"check": path}
"""

import csv
import json
import sys

import numpy as np
import pynwb
from checks import answer, difference

ROWS = 30_000
given = json.load(sys.stdin)
generator = np.random.default_rng(7)
track = generator.normal(size=(ROWS, 2)) * 10.0 ** generator.integers(-300, 300, (ROWS, 2))
track[5, 1] = np.nan
counts = generator.integers(-(2**63), 2**63 - 1, ROWS, dtype='<i8')
samples = np.cumsum(generator.integers(1, 2000, ROWS)).astype('>i8')
micros = (2**53 + np.cumsum(generator.integers(1, 2000, ROWS))).astype('<u8')


def make(folder):
    with open(f'{folder}/track.csv', 'w', newline='') as file:
        rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        rows.writerow(['label', 'x', 'y', 'count'])
        for row, ((x, y), count) in enumerate(zip(track, counts)):
            label = f'row {row}, "at\n{row}"' if row % 100 == 0 else 'plain'
            rows.writerow([label, float(x), '' if np.isnan(y) else float(y), int(count)])
    np.save(f'{folder}/samples.npy', samples)
    np.save(f'{folder}/micros.npy', micros)
    return 'made'


def check(path):
    with pynwb.NWBHDF5IO(path, 'r') as io:
        nwb = io.read()
        series = nwb.acquisition
        return {
            'track': difference(track, series['track'].data[:]),
            'counts': difference(counts, series['counts'].data[:]),
            'samples': difference(samples / 30_000 + 0.25, series['track'].timestamps[:]),
            'micros': difference(micros * 1e-6, series['counts'].timestamps[:]),
            'dateOfBirth': nwb.subject.date_of_birth.isoformat(),
            'validation': [str(error) for error in pynwb.validate(io=io)],
        }


answer(check(given['check']) if 'check' in given else make(given['make']))
