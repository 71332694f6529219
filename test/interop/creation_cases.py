"""Datasets, each with a property that HDF5 datasets and files are created with."""

import ctypes
import glob
import os

import h5py
import numpy as np
from h5py import h5d, h5f, h5p, h5s, h5t, h5z

SHAPE, CHUNK = (37, 6), (10, 4)
# Name, function that makes it, file that it is in, function that sets properties of that file
CASES = []


def call(function, object_id, *args):
    """Calls the library that h5py uses, for what h5py has no function for; its identifiers are the same."""
    places = ["../h5py.libs/libhdf5-*.so*", ".dylibs/libhdf5.*dylib"]
    found = [path for place in places for path in glob.glob(os.path.join(os.path.dirname(h5py.__file__), place))]
    assert getattr(ctypes.CDLL(found[0]), function)(ctypes.c_int64(object_id.id), *args) >= 0, function


def values(shape=SHAPE, dtype="i2"):
    return (1 + np.arange(np.prod(shape, dtype=int)).reshape(shape) % 100).astype(dtype)


def add(name, make, file="earliest", fcpl=lambda p: None):
    CASES.append((name, make, file, fcpl))


def case(
    name, *, file="earliest", type=h5t.STD_I16LE, dcpl=lambda p: None, fcpl=lambda p: None, chunk=CHUNK,
    shape=SHAPE, maxshape=None, rows=None, data=None, commit=False,
):
    """A dataset of which `rows` are written, all by default; `dcpl` and `fcpl` set properties."""

    def make(opened, name):
        properties = h5p.create(h5p.DATASET_CREATE)
        if chunk:
            properties.set_chunk(chunk)
        dcpl(properties)
        stored = type.copy()
        if commit:
            stored.commit(opened.id, b"named type")
        most = maxshape or ((h5s.UNLIMITED, *shape[1:]) if chunk else shape)
        dataset = h5d.create(opened.id, name.encode(), stored, h5s.create_simple(shape, most), properties)
        written = h5s.create_simple(shape)
        if rows is not None:
            written.select_hyperslab((0,) * len(shape), (rows, *shape[1:]))
        if rows != 0:
            dataset.write(written, written, np.ascontiguousarray(values(shape) if data is None else data))

    add(name, make, file, fcpl)


def made_by_h5py(name):
    """The decorated function gets an h5py.File, and the name."""
    return lambda make: add(name, make)


# Layout, allocation and fill
for time in ("EARLY", "LATE", "INCR"):
    setting = getattr(h5d, f"ALLOC_TIME_{time}")
    if time != "INCR":
        case(f"contiguous, alloc time {time}", chunk=None, dcpl=lambda p, setting=setting: p.set_alloc_time(setting))
    for filtered in (False, True):
        def dcpl(p, setting=setting, filtered=filtered):
            p.set_alloc_time(setting)
            if filtered:
                p.set_deflate(4)
        case(f"chunked, alloc time {time}{', gzip' * filtered}", dcpl=dcpl, rows=13)
case("contiguous, never written", chunk=None, rows=0)
case("compact", chunk=None, dcpl=lambda p: p.set_layout(h5d.COMPACT))
for time in ("NEVER", "ALLOC", "IFSET"):
    setting = getattr(h5d, f"FILL_TIME_{time}")
    def dcpl(p, setting=setting):
        p.set_fill_value(np.array(55, "i2"))
        p.set_fill_time(setting)
        p.set_deflate(4)
    case(f"fill time {time}", dcpl=dcpl, rows=None if time == "NEVER" else 13)
def big_fill(p):
    p.set_fill_value(np.array(55, ">i2"))
case("fill value, big endian", type=h5t.STD_I16BE, dcpl=big_fill, rows=13, data=values(dtype=">i2"))
case("fill value undefined", dcpl=lambda p: call("H5Pset_fill_value", p, ctypes.c_int64(h5t.STD_I16LE.id), None))
@made_by_h5py("fill value of booleans")
def _(file, name):
    x = file.create_dataset(name, SHAPE, "?", maxshape=(None, 6), chunks=CHUNK, fillvalue=True, compression="gzip")
    x[:5] = False

# Chunk indices
INDICES = {
    "single chunk": {"chunk": SHAPE, "maxshape": SHAPE},
    "implicit": {"maxshape": SHAPE, "dcpl": lambda p: p.set_alloc_time(h5d.ALLOC_TIME_EARLY)},
    "fixed array": {"maxshape": SHAPE},
    "extensible array": {},
    "B-tree of version 2": {"maxshape": (h5s.UNLIMITED, h5s.UNLIMITED)},
}
for index, options in INDICES.items():
    case(f"index: {index}", **options, file="v110")
    if index != "implicit":
        case(f"index: {index}, gzip", **options, file="v110", dcpl=lambda p: p.set_deflate(4))
case("index: B-tree of version 1", dcpl=lambda p: p.set_deflate(4))

# Filters
def chain(*names):
    def dcpl(p):
        for name in names:
            {"shuffle": p.set_shuffle, "gzip": lambda: p.set_deflate(4), "fletcher32": p.set_fletcher32,
             "gzip, optional": lambda: p.set_filter(h5z.FILTER_DEFLATE, h5z.FLAG_OPTIONAL, (4,)),
             "gzip, mandatory": lambda: p.set_filter(h5z.FILTER_DEFLATE, h5z.FLAG_MANDATORY, (4,)),
             "nbit": lambda: p.set_filter(h5z.FILTER_NBIT, h5z.FLAG_OPTIONAL, ()),
             "scaleoffset": lambda: p.set_scaleoffset(h5z.SO_INT, 0),
             "lzf": lambda: p.set_filter(h5z.FILTER_LZF, h5z.FLAG_OPTIONAL, ())}[name]()
    return dcpl
for names in (
    ["shuffle"], ["gzip"], ["fletcher32"], ["shuffle", "gzip", "fletcher32"], ["fletcher32", "gzip"],
    ["gzip", "shuffle"], ["gzip", "gzip"], ["gzip, optional"], ["gzip, mandatory"],
    ["nbit"], ["scaleoffset"], ["lzf"],
):
    case(f"filters: {' + '.join(names)}", dcpl=chain(*names))
for names in (["shuffle"], ["gzip"], ["shuffle", "gzip", "fletcher32"], []):
    def dcpl(p, names=names):
        chain(*names)(p)
        call("H5Pset_chunk_opts", p, ctypes.c_uint(2))
    case(f"edge chunks unfiltered: {' + '.join(names) or 'no filters'}", dcpl=dcpl, file="v110")
case("shuffle of another item size", file="shuffle", dcpl=chain("shuffle"), chunk=(10, 6), shape=(40, 6))
def shuffle_by_four(path):
    """As no library writes it: the values are shuffled in words of four bytes."""
    with open(path, "r+b") as file:
        at = file.read().index(b"shuffle\0") + 8
        file.seek(at)
        assert file.read(1) == b"\2"
        file.seek(at)
        file.write(b"\4")

# Where values lie outside
@made_by_h5py("external storage")
def _(file, name):
    outside = os.path.join(os.path.dirname(file.filename), "outside.bin")
    values().tofile(outside)
    file.create_dataset(name, SHAPE, "i2", external=[(outside, 0, h5f.UNLIMITED)])
@made_by_h5py("virtual")
def _(file, name):
    outside = os.path.join(os.path.dirname(file.filename), "outside.hdf5")
    with h5py.File(outside, "w") as other:
        other["y"] = values()
    layout = h5py.VirtualLayout(SHAPE, "i2")
    layout[...] = h5py.VirtualSource(outside, "y", SHAPE)
    file.create_virtual_dataset(name, layout)
@made_by_h5py("external link")
def _(file, name):
    outside = os.path.join(os.path.dirname(file.filename), "linked.hdf5")
    with h5py.File(outside, "w") as other:
        other["y"] = values()
    file[name] = h5py.ExternalLink(outside, "y")

# Types
for kind in "iu":
    for size in (1, 2, 4, 8):
        for order in "<>":
            dtype = f"{order}{kind}{size}"
            case(f"type {dtype}", type=h5t.py_create(np.dtype(dtype)), data=values(dtype=dtype), dcpl=chain("shuffle"))
for dtype in ("<f4", ">f4", "<f8", ">f8", "<f2", "<c8"):
    case(f"type {dtype}", type=h5t.py_create(np.dtype(dtype)), data=values(dtype=dtype))
def integer(size, precision, offset=0, order=h5t.ORDER_LE, one_padding=False):
    type = h5t.STD_I16LE.copy() if size == 2 else h5t.STD_I32LE.copy()
    type.set_precision(precision)
    type.set_offset(offset)
    type.set_order(order)
    if one_padding:
        type.set_pad(h5t.PAD_ONE, h5t.PAD_ONE)
    return type
case("type: 12 bits in 16", type=integer(2, 12))
case("type: 12 bits in 16, nbit", type=integer(2, 12), dcpl=chain("nbit"))
case("type: 12 bits at bit 4 of 16, big endian", type=integer(2, 12, 4, h5t.ORDER_BE))
case("type: 24 bits in 32, padded with ones", type=integer(4, 24, 0, h5t.ORDER_LE, True))
def floating(base, fields, bias, precision=None):
    type = base.copy()
    type.set_fields(*fields)
    type.set_ebias(bias)
    if precision:
        type.set_precision(precision)
        type.set_size((precision + 7) // 8)
    return type
case("type: bfloat16", type=floating(h5t.IEEE_F32LE, (15, 7, 8, 0, 7), 127, 16), data=values(dtype="f4"))
case("type: float32 with another bias", type=floating(h5t.IEEE_F32LE, (31, 23, 8, 0, 23), 120), data=values(dtype="f4"))
case("type: x86 long double", type=h5t.NATIVE_LDOUBLE, data=values(dtype=np.longdouble))
case("type: committed", commit=True)
def enumeration(base, **members):
    type = h5t.enum_create(base)
    for name, value in members.items():
        type.enum_insert(name.encode(), value)
    return type
case("type: booleans", type=enumeration(h5t.STD_I8LE, FALSE=0, TRUE=1), data=values(dtype="i1") % 2)
case("type: booleans over uint8", type=enumeration(h5t.STD_U8LE, FALSE=0, TRUE=1), data=values(dtype="u1") % 2)
case("type: enumeration false, true", type=enumeration(h5t.STD_I8LE, false=0, true=1), data=values(dtype="i1") % 2)
case("type: enumeration of colours", type=enumeration(h5t.STD_I16LE, RED=0, BLUE=1), data=values(dtype="i2") % 2)
case("type: bits", type=h5t.STD_B16LE, rows=0)
case("type: time", type=h5t.UNIX_D32LE, rows=0)
case("type: opaque", type=h5t.py_create(np.dtype("V2")), data=values().view("V2"))
case("type: array", type=h5t.array_create(h5t.STD_I16LE, (2,)), rows=0)
@made_by_h5py("type: text")
def _(file, name):
    file[name] = ["a", "b"]
@made_by_h5py("type: texts of three bytes")
def _(file, name):
    file[name] = np.array([b"a", b"b"], "S3")
@made_by_h5py("type: compound")
def _(file, name):
    file[name] = np.zeros(3, [("a", "i2"), ("b", "i2")])
@made_by_h5py("type: variable length")
def _(file, name):
    file.create_dataset(name, (3,), h5py.vlen_dtype("i2"))
@made_by_h5py("type: object references")
def _(file, name):
    file.create_dataset(name, (3,), h5py.ref_dtype)[0] = file.ref
@made_by_h5py("type: region references")
def _(file, name):
    file.create_dataset(name, (3,), h5py.regionref_dtype)

# Spaces
@made_by_h5py("space: scalar")
def _(file, name):
    file[name] = np.int16(7)
@made_by_h5py("space: null")
def _(file, name):
    file[name] = h5py.Empty("i2")
case("space: no rows", shape=(0, 6))
case("space: no columns, contiguous", shape=(5, 0), chunk=None)
case("space: maxshape of 40 rows", maxshape=(40, 6))
case("space: maxshape of 2^60 rows", maxshape=(2**60, 6))
case("space: chunk larger than the extent", chunk=(50, 8), maxshape=(h5s.UNLIMITED, h5s.UNLIMITED))
case("space: eight axes", shape=(3, 1, 2, 1, 2, 1, 2, 3), chunk=(2, 1, 1, 1, 2, 1, 2, 2))

# Objects
case("times not tracked", dcpl=lambda p: p.set_obj_track_times(False))
case("creation order tracked", dcpl=lambda p: p.set_attr_creation_order(h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED))
case("attributes dense at once", dcpl=lambda p: p.set_attr_phase_change(0, 0), file="v110")

# Files
def file_case(name, fcpl, file=None):
    case(name, file=file or name, fcpl=fcpl, dcpl=chain("gzip"))
def strategy(kind, persist=False):
    return lambda p: p.set_file_space_strategy(kind, persist, 1)
def shared(p):
    call("H5Pset_shared_mesg_nindexes", p, ctypes.c_uint(1))
    call("H5Pset_shared_mesg_index", p, ctypes.c_uint(0), ctypes.c_uint(0x1F), ctypes.c_uint(1))
file_case("user block", lambda p: p.set_userblock(1024))
file_case("addresses of four bytes", lambda p: p.set_sizes(4, 4))
file_case("links in order of creation", lambda p: p.set_link_creation_order(3))
file_case("wide B-trees", lambda p: call("H5Pset_istore_k", p, ctypes.c_uint(200)))
file_case("space of pages", strategy(h5f.FSPACE_STRATEGY_PAGE))
file_case("space of pages, persistent, v110", strategy(h5f.FSPACE_STRATEGY_PAGE, True))
file_case("free space persistent", strategy(h5f.FSPACE_STRATEGY_FSM_AGGR, True))
file_case("shared messages", shared)
file_case("v108", lambda p: None)
add(
    "of a newer HDF5",
    lambda file, name: file.create_dataset(name, data=values(), maxshape=(None, 6), chunks=CHUNK, compression="gzip"),
    "latest",
)
