"""Changes files with h5py, as users do after a conversion.

stdin: a list of {"path": path, "dataset": path, "change": name, ...}
"""

import json
import sys

import h5py


def append(file, dataset, rows):
    data = file[dataset]
    length = data.shape[0]
    data.resize(length + rows, axis=0)
    data[length:] = 5


def shorten(file, dataset, rows):
    file[dataset].resize(rows, axis=0)


def write(file, dataset, row):
    file[dataset][row] += 1


def rename(file, dataset, name):
    file.move(dataset, name)


def copy_checksums(file, dataset, target):
    with h5py.File(target, 'w') as other:
        file.copy('hyperslab', other)


CHANGES = {f.__name__: f for f in (append, shorten, write, rename, copy_checksums)}

for given in json.load(sys.stdin):
    with h5py.File(given['path'], 'r+') as file:
        CHANGES[given['change']](file, given['dataset'], given['argument'])
print('null')
