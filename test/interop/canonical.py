"""A file's content as JSON that does not depend on who reads it; canonical.ts gives the same.

By path: links, attributes, and datasets with their storage. Numbers are the hexadecimal digits of
their little-endian bytes, references are paths.
"""

import h5py
import numpy as np

LAYOUTS = {
    h5py.h5d.CHUNKED: 'chunked',
    h5py.h5d.CONTIGUOUS: 'contiguous',
    h5py.h5d.COMPACT: 'compact',
}


def datatype(dtype):
    """h5lib's name of a type, or 'unsupported'."""
    if h5py.check_string_dtype(dtype) is not None:
        return 'string'
    if h5py.check_ref_dtype(dtype) is h5py.Reference:
        return 'reference'
    if dtype == np.bool_:
        return 'bool'
    if h5py.check_enum_dtype(dtype) is not None or dtype.kind not in 'iuf':
        return 'unsupported'
    return dtype.name if dtype.name != 'float16' else 'unsupported'


def text(item):
    return item.decode('utf-8') if isinstance(item, bytes) else str(item)


def value(array, dtype, file):
    name = datatype(dtype)
    if isinstance(array, h5py.Empty):
        empty = [] if name in ('string', 'reference') else ''
        return {'dtype': name, 'shape': [0], 'data': empty}
    array = np.asarray(array)
    result = {'dtype': name, 'shape': list(array.shape)}
    if name == 'string':
        return {**result, 'data': [text(item) for item in array.reshape(-1)]}
    if name == 'reference':
        items = array.reshape(-1)
        return {**result, 'data': [file[item].name if item else '' for item in items]}
    little = np.ascontiguousarray(array, dtype.newbyteorder('<'))
    return {**result, 'data': little.tobytes().hex()}


def attributes(item):
    result = {}
    for name in item.attrs:
        dtype = item.attrs.get_id(name).dtype
        if datatype(dtype) != 'unsupported':
            result[name] = value(item.attrs[name], dtype, item.file)
    return result


def storage(dataset):
    creation = dataset.id.get_create_plist()
    filters = [creation.get_filter(at)[0] for at in range(creation.get_nfilters())]
    shape = [0] if dataset.shape is None else list(dataset.shape)
    number = datatype(dataset.dtype) not in ('string', 'reference', 'unsupported')
    fill = dataset.fillvalue if number else None
    return {
        'maxshape': shape if dataset.maxshape is None else list(dataset.maxshape),
        'bigEndian': dataset.dtype.byteorder == '>',
        'layout': LAYOUTS[creation.get_layout()],
        'chunks': None if dataset.chunks is None else list(dataset.chunks),
        'filters': filters,
        'fillvalue': None if fill is None else value(fill, fill.dtype, dataset.file)['data'],
    }


def content(dataset):
    result = value(dataset[()], dataset.dtype, dataset.file)
    kind = dataset.id.get_type()
    if isinstance(kind, h5py.h5t.TypeStringID) and kind.get_strpad() == h5py.h5t.STR_SPACEPAD:
        result['data'] = [item.rstrip(' ') for item in result['data']]
    return result


def tree(file):
    result = {'/': {'kind': 'group', 'attributes': attributes(file)}}

    def walk(group, path):
        for name in sorted(group):
            link = group.get(name, getlink=True)
            where = f'{path}/{name}'
            if isinstance(link, h5py.SoftLink):
                result[where] = {'kind': 'soft', 'target': link.path}
                continue
            item = group[name]
            result[where] = {'kind': 'group', 'attributes': attributes(item)}
            if isinstance(item, h5py.Group):
                walk(item, where)
                continue
            result[where]['kind'] = 'dataset'
            result[where].update(storage(item))
            if datatype(item.dtype) == 'unsupported':
                result[where]['value'] = None
            else:
                result[where]['value'] = content(item)

    walk(file, '')
    return result
