"""Specification caches: PyNWB writes one, and ours are compared with it.

`write PATH`: makes a file with PyNWB; stdout: the folder of its schema YAML.
`compare REFERENCE PATH...`: stdout: for each path its namespaces, and what differs from REFERENCE.
"""

import json
import os
import sys
from datetime import datetime, timezone

import h5py
import pynwb
from checks import answer, judgement
from hdmf.spec import NamespaceCatalog
from pynwb.spec import NWBDatasetSpec, NWBGroupSpec, NWBNamespace


def write(path):
    start = datetime(2026, 11, 22, 10, tzinfo=timezone.utc)
    nwb = pynwb.NWBFile(session_description='-', identifier='-', session_start_time=start)
    with pynwb.NWBHDF5IO(path, 'w') as io:
        io.write(nwb)
    return os.path.join(os.path.dirname(pynwb.__file__), 'nwb-schema')


def loaded(path):
    """Version and types of each namespace, as PyNWB knows them after loading the file's cache."""
    catalog = NamespaceCatalog(NWBGroupSpec, NWBDatasetSpec, NWBNamespace)
    pynwb.NWBHDF5IO.load_namespaces(catalog, path)
    spaces = {}
    for name in catalog.namespaces:
        space = catalog.get_namespace(name)
        types = {kind: catalog.get_spec(name, kind) for kind in space.get_registered_types()}
        spaces[name] = {'version': space['version'], 'types': types}
    return spaces


def cached(path):
    """The texts in the cache, parsed, by their paths."""
    texts = {}

    def add(name, item):
        if isinstance(item, h5py.Dataset):
            texts[name] = json.loads(item[()])

    with h5py.File(path, 'r') as file:
        file[file.attrs['.specloc']].visititems(add)
    return texts


def nwb_version(path):
    with h5py.File(path, 'r') as file:
        return file.attrs['nwb_version']


def unequal(expected, received):
    """Keys whose values differ, or that only one of the two has."""
    keys = {*expected, *received}
    return sorted(key for key in keys if expected.get(key) != received.get(key))


def compare(path, reference):
    spaces, known = loaded(path), loaded(reference)
    return {
        'nwb_version': nwb_version(path),
        'versions': {name: space['version'] for name, space in spaces.items()},
        'counts': {name: len(space['types']) for name, space in spaces.items()},
        'types_that_differ': [
            f'{name}/{kind}'
            for name, space in spaces.items()
            for kind in unequal(known[name]['types'], space['types'])
        ],
        'texts_that_differ': unequal(cached(reference), cached(path)),
        **judgement(path),
    }


command, reference, *paths = sys.argv[1:]
answer(write(reference) if command == 'write' else [compare(path, reference) for path in paths])
