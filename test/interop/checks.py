"""Functions that the scripts of this folder share: validation, inspection and comparison with numpy arrays."""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings('ignore')


def answer(value):
    """Prints a script's result; the tests read it as JSON."""
    json.dump(value, sys.stdout)


def difference(expected, received):
    """None if two arrays have the same type, shape and bytes, else the first difference."""
    expected, received = np.asarray(expected), np.asarray(received)
    if expected.dtype.newbyteorder('=') != received.dtype.newbyteorder('='):
        return f'expected {expected.dtype} but received {received.dtype}'
    if expected.shape != received.shape:
        return f'expected the shape {expected.shape} but received {received.shape}'
    # Compares bytes, so that a NaN equals itself, and -0.0 differs from 0.0.
    native = expected.dtype.newbyteorder('=')
    left = np.ascontiguousarray(expected, native).reshape(-1).view(np.uint8)
    right = np.ascontiguousarray(received, native).reshape(-1).view(np.uint8)
    unequal = np.flatnonzero(left != right)
    if len(unequal) == 0:
        return None
    first = np.unravel_index(unequal[0] // native.itemsize, expected.shape)
    index = [int(number) for number in first]
    return f'at {index}: expected {expected[first]} but received {received[first]}'


def validation(path):
    """The errors of pynwb.validate, as texts."""
    import pynwb

    errors = pynwb.validate(path=path)
    # Older releases return the errors and a status.
    if isinstance(errors, tuple):
        errors = errors[0]
    return [str(error) for error in errors]


def inspection(path):
    """The messages of NWB Inspector from BEST_PRACTICE_VIOLATION upwards, as texts."""
    from nwbinspector import Importance, inspect_nwbfile

    messages = inspect_nwbfile(
        nwbfile_path=path, importance_threshold=Importance.BEST_PRACTICE_VIOLATION
    )
    return [
        f'{one.importance.name} {one.check_function_name} {one.location}: {one.message[:500]}'
        for one in messages
    ]


def judgement(path):
    return {'validation': validation(path), 'inspection': inspection(path)}
