"""One trial: copies a file with `cp`. Takes its options as JSON, and prints its outcome as JSON."""

import json
import os
import resource
import subprocess
import sys
import time

options = json.loads(sys.argv[1])
output = options["output"]

begin = time.perf_counter()
subprocess.run(["cp", options["source"], output], check=True)
if options["fsync"]:
    with open(output, "rb") as file:
        os.fsync(file.fileno())
seconds = time.perf_counter() - begin

# The resources of cp, and of this program, which syncs the copy.
parts = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
copied = os.path.getsize(output)
print(
    json.dumps(
        {
            "seconds": seconds,
            "rawBytes": copied,
            "storedBytes": copied,
            "peakRss": parts[0].ru_maxrss * 1024,
            "cpuSeconds": sum(part.ru_utime + part.ru_stime for part in parts),
        }
    )
)
