"""One trial: converts a recording with PyNWB. Takes its options as JSON, and prints its outcome as JSON."""

import json
import resource
import sys
import time
import warnings
from datetime import datetime, timezone

import h5py
import numpy as np
from hdmf.backends.hdf5.h5_utils import H5DataIO
from hdmf.data_utils import GenericDataChunkIterator
from pynwb import NWBHDF5IO, NWBFile
from pynwb.ecephys import ElectricalSeries

warnings.simplefilter("ignore")
options = json.loads(sys.argv[1])


class Recording(GenericDataChunkIterator):
    """Slices of a memory map in HDMF's default buffers, as in the tutorials and in NeuroConv."""

    def __init__(self, array, **kwargs):
        self.array = array
        super().__init__(**kwargs)

    def _get_data(self, selection):
        return self.array[selection]

    def _get_maxshape(self):
        return self.array.shape

    def _get_dtype(self):
        return self.array.dtype


columns, channels = options["columns"], options["channels"]
array = np.memmap(options["source"], "<i2", mode="r").reshape(-1, columns)[:, :channels]

nwbfile = NWBFile(
    session_description="benchmark",
    identifier="benchmark",
    session_start_time=datetime(2026, 1, 1, 12, tzinfo=timezone.utc),
)
device = nwbfile.create_device(name="probe", description="a probe")
group = nwbfile.create_electrode_group(
    name="shank", description="a shank", location="CA1", device=device
)
for _ in range(channels):
    nwbfile.add_electrode(group=group, location="CA1")
region = nwbfile.create_electrode_table_region(region=list(range(channels)), description="all")
gzip = options["gzip"]
filters = {} if gzip is None else dict(compression="gzip", compression_opts=gzip, shuffle=True)
nwbfile.add_acquisition(
    ElectricalSeries(
        name="ElectricalSeries",
        data=H5DataIO(Recording(array, chunk_shape=tuple(options["chunks"])), **filters),
        electrodes=region,
        rate=float(options["rate"]),
    )
)

begin = time.perf_counter()
with NWBHDF5IO(options["output"], "w") as io:
    io.write(nwbfile)
seconds = time.perf_counter() - begin

with h5py.File(options["output"], "r") as file:
    dataset = file["acquisition/ElectricalSeries/data"]
    assert dataset.chunks == tuple(options["chunks"]), dataset.chunks
    stored = dataset.id.get_storage_size()

print(
    json.dumps(
        {
            "seconds": seconds,
            "rawBytes": array.shape[0] * channels * 2,
            "storedBytes": stored,
            "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
