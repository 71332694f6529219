"""Reads values that are easily altered on their way into a file, and what NWB Inspector says of timestamps.

stdin: {"table": path, "series": path}; stdout: the columns of the electrodes, and by series the checks of
timestamps that it does not pass.
"""

import json
import sys

import pynwb
from checks import answer
from nwbinspector import inspect_nwbfile

CHECKS = {
    'check_timestamps_ascending',
    'check_timestamps_without_nans',
    'check_timestamp_of_the_first_sample_is_not_negative',
}


def columns(path):
    """By name the type of the cells, and the cells as texts."""
    with pynwb.NWBHDF5IO(path, 'r') as io:
        table = io.read().electrodes
        skipped = ('location', 'group', 'group_name')
        return {
            name: [str(table[name].data.dtype), [str(cell) for cell in table[name][:]]]
            for name in table.colnames
            if name not in skipped
        }


def complaints(path):
    found = {}
    for message in inspect_nwbfile(nwbfile_path=path):
        if message.check_function_name in CHECKS:
            found.setdefault(message.object_name, []).append(message.check_function_name)
    return {name: sorted(checks) for name, checks in found.items()}


given = json.load(sys.stdin)
answer({'columns': columns(given['table']), 'complaints': complaints(given['series'])})
