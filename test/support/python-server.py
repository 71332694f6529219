"""Runs Python scripts for the tests, each in a process of its own that has the large modules already.

Argument: path of the Unix socket to listen at. Serves until its standard input ends.

Importing PyNWB and NWB Inspector takes a second, more than most scripts take for their work. This process
imports them once and forks for every script. A script that crashes or hangs therefore ends only its own
process, and no script sees what another one changed.

A client sends one line of JSON, {"script", "args", "stdin" (base64), "seconds"}, and receives one,
{"code", "stdout", "stderr" (base64)}; a negative code is the number of the signal that ended the script.
"""

import atexit
import base64
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import time
import traceback


def import_modules():
    import h5py  # noqa: F401
    import hdmf.backends.hdf5  # noqa: F401
    import hdmf.data_utils  # noqa: F401
    import nwbinspector  # noqa: F401
    import pynwb  # noqa: F401

    # Objects that are never collected stay in memory pages that all processes share.
    gc.collect()
    gc.freeze()


def serve(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    print('listening', flush=True)
    # The system removes processes that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    imported = False
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        if not imported:
            import_modules()
            imported = True
        if os.fork() == 0:
            listener.close()
            answer(connection)
            os._exit(0)
        connection.close()


def answer(connection):
    """Runs the script of a request, and sends the client its exit code and output."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection, connection.makefile('rwb') as stream:
        request = json.loads(stream.readline())
        stdin, stdout, stderr = (os.memfd_create(name) for name in ('stdin', 'stdout', 'stderr'))
        with os.fdopen(os.dup(stdin), 'wb') as file:
            file.write(base64.b64decode(request['stdin']))
        os.lseek(stdin, 0, os.SEEK_SET)
        child = os.fork()
        if child == 0:
            for standard, descriptor in enumerate((stdin, stdout, stderr)):
                os.dup2(descriptor, standard)
            run(request['script'], request['args'])
        code = wait(child, time.monotonic() + request['seconds'])
        result = {'code': code, 'stdout': contents(stdout), 'stderr': contents(stderr)}
        stream.write(json.dumps(result).encode() + b'\n')


def run(script, args):
    """Runs a script as `python SCRIPT ARGS` would, and ends the process."""
    for number, (name, mode) in enumerate((('stdin', 'r'), ('stdout', 'w'), ('stderr', 'w'))):
        setattr(sys, name, open(number, mode, encoding='utf-8', closefd=False))
    sys.argv = [script, *args]
    sys.path[0] = os.path.dirname(script)
    code = 1
    try:
        runpy.run_path(script, run_name='__main__')
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        # h5py closes what scripts left open.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child, deadline):
    """Waits for a process, which is killed at the deadline, and returns its exit code."""
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid != 0:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            deadline = float('inf')
        time.sleep(0.005)


def contents(descriptor):
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, 'rb') as file:
        return base64.b64encode(file.read()).decode()


serve(sys.argv[1])
