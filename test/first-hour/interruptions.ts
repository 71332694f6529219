import { appendFileSync, chmodSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSource } from '../bad-input/refusal.js';
import { converted } from '../cli/run.js';
import type { Mistake } from './mistake.js';

/** A source that fails in the middle, unless there is a file `repaired`. */
const FAILING = `
  import { existsSync } from 'node:fs';
  export const open = () => ({
    dtype: 'int16',
    shape: [40000, 4],
    read([from], [rows]) {
      if (from >= 20000 && !existsSync(new URL('repaired', import.meta.url)))
        throw new Error('the amplifier is off');
      return new Int16Array(rows * 4);
    },
  });`;

/** A source that waits in the middle, where it writes a file `reading`. */
const WAITING = `
  import { existsSync, writeFileSync } from 'node:fs';
  export const open = () => ({
    dtype: 'int16',
    shape: [40000, 4],
    async read([from], [rows]) {
      if (from >= 20000) {
        writeFileSync(new URL('reading', import.meta.url), '');
        for (let tries = 0; tries < 600 && !existsSync(new URL('go-on', import.meta.url)); tries++)
          await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return new Int16Array(rows * 4);
    },
  });`;

const module = (text: string) => ({
  manifest: withSource({ type: 'module', path: 'source.mjs' }).replace(
    /data:\n( *)/,
    'data:\n$1chunks: [20000, 4]\n$1',
  ),
  files: { 'source.mjs': text },
});
const files = ['session.nwb.journal', 'session.nwb.partial'];

/** Leaves the files of a conversion that failed in the middle, and lets the source be read from now on. */
async function interrupted(folder: string): Promise<void> {
  await converted(folder).catch(() => {});
  writeFileSync(join(folder, 'repaired'), '');
}

const untilReading = 'while [ ! -e reading ]; do sleep 0.02; done';
/** Starts a conversion, sends it a signal when it waits for its source, and gives its exit code. */
const signalled = (name: string) =>
  `"$NODE" "$MAIN" convert session.yaml -q -w 1 & ${untilReading}; kill -${name} $!; sleep 1; touch go-on; wait $!`;

/** Conversions that stop, by accident or on purpose. */
export const STOPPED: readonly Mistake[] = [
  {
    user: 'presses Ctrl-C',
    ...module(WAITING),
    script: signalled('INT'),
    exit: 130,
    sees: 'interrupted by SIGINT: finished work is kept; continue with `hyperslab resume /data/session.nwb`',
    leaves: ['go-on', 'reading', ...files],
  },
  {
    user: 'closes the terminal',
    ...module(WAITING),
    script: signalled('HUP'),
    exit: 129,
    sees: 'interrupted by SIGHUP: finished work is kept; continue with `hyperslab resume /data/session.nwb`',
    leaves: ['go-on', 'reading', ...files],
  },
  {
    user: 'looks at the first line only',
    script: 'set -o pipefail; hyperslab plan session.yaml | head -1',
    exit: 0,
    sees: [],
    prints: ['/acquisition/AP/data'],
  },
  {
    user: 'closes standard output',
    script: 'hyperslab convert session.yaml >&-',
    exit: 0,
    sees: [],
    leaves: ['session.nwb'],
  },
  {
    user: 'has a source that fails in the middle',
    ...module(FAILING),
    types: 'hyperslab convert session.yaml -q -w 1',
    exit: 1,
    sees: [
      'note: finished work is kept; continue with `hyperslab resume /data/session.nwb`',
      'error: Expected read([20000, 0], [20000, 4]) to succeed in /data/source.mjs but received an error: the amplifier is off (/acquisition/AP/data, [20000:40000, 0:4])',
    ],
    leaves: files,
  },
  {
    user: 'converts into the same file twice at once',
    ...module(WAITING),
    script: `"$NODE" "$MAIN" convert session.yaml -q -w 1 2>/dev/null & ${untilReading}; hyperslab convert session.yaml; code=$?; kill -INT $!; sleep 1; touch go-on; wait; exit $code`,
    exit: 5,
    sees: 'error: /data/session.nwb is being converted by another process, or by this one (/data/session.nwb.journal is locked); wait until that one has ended, or choose another path',
    leaves: ['go-on', 'reading', ...files],
  },
];

/** What follows an interruption. */
export const AFTERWARDS: readonly Mistake[] = [
  {
    user: 'converts again',
    ...module(FAILING),
    prepare: interrupted,
    types: 'hyperslab convert session.yaml',
    exit: 5,
    sees: 'error: a conversion to /data/session.nwb was interrupted (/data/session.nwb.journal); pass --resume to continue it, or --overwrite to start again',
  },
  {
    user: 'resumes in another folder',
    ...module(FAILING),
    prepare: interrupted,
    types: 'hyperslab resume nwb/session.nwb',
    exit: 2,
    sees: 'error: there is no interrupted conversion to /data/nwb/session.nwb (no journal /data/nwb/session.nwb.journal); check the path, or begin with convert',
  },
  {
    user: 'has deleted the journal',
    ...module(FAILING),
    prepare: async (folder) => {
      await interrupted(folder);
      rmSync(join(folder, 'session.nwb.journal'));
    },
    types: 'hyperslab resume session.nwb',
    exit: 2,
    sees: 'error: there is no interrupted conversion to /data/session.nwb (no journal /data/session.nwb.journal); check the path, or begin with convert',
  },
  {
    user: 'has deleted the partial file',
    ...module(FAILING),
    prepare: async (folder) => {
      await interrupted(folder);
      rmSync(join(folder, 'session.nwb.partial'));
    },
    types: 'hyperslab resume session.nwb',
    exit: 2,
    sees: 'error: /data/session.nwb.partial is missing, although its journal /data/session.nwb.journal exists; restore it, or remove the journal to start again',
  },
  {
    user: 'has moved the source',
    ...module(FAILING),
    prepare: async (folder) => {
      await interrupted(folder);
      renameSync(join(folder, 'source.mjs'), join(folder, 'moved.mjs'));
    },
    types: 'hyperslab resume session.nwb',
    exit: 2,
    sees: "error: /data/session.nwb can't be resumed: /data/source.mjs, the source of /acquisition/AP/data, is now missing and was 320 bytes (320 B) modified at TIME (restore it; if it has moved, correct its path in the description and run `hyperslab convert MANIFEST --resume --output /data/session.nwb`)",
  },
  {
    user: 'has changed the source',
    ...module(FAILING),
    prepare: async (folder) => {
      await interrupted(folder);
      appendFileSync(join(folder, 'source.mjs'), '\n');
    },
    types: 'hyperslab resume session.nwb',
    exit: 2,
    sees: "error: /data/session.nwb can't be resumed: /data/source.mjs, the source of /acquisition/AP/data, is now 321 bytes (321 B) modified at TIME and was 320 bytes (320 B) modified at TIME (once no program writes to it any more, run `hyperslab convert MANIFEST --overwrite --output /data/session.nwb`)",
  },
  {
    user: 'has changed the rate in the manifest',
    ...module(FAILING),
    prepare: async (folder) => {
      await interrupted(folder);
      const { manifest } = module(FAILING);
      writeFileSync(join(folder, 'session.yaml'), manifest.replace('rate: 30000', 'rate: 25000'));
    },
    types: 'hyperslab convert session.yaml --resume',
    exit: 2,
    sees: "error: /data/session.nwb can't be resumed: /acquisition/AP/starting_time@rate is now [25000] and was [30000]; change it back to continue, or run `hyperslab convert MANIFEST --overwrite --output /data/session.nwb` to start again",
  },
  {
    user: 'verifies an unfinished file',
    ...module(FAILING),
    prepare: interrupted,
    types: 'hyperslab verify session.nwb',
    exit: 2,
    sees: 'error: session.nwb cannot be read: no such file; its conversion is unfinished: `hyperslab resume session.nwb` finishes it',
  },
  {
    user: 'resumes a finished file',
    prepare: async (folder) => {
      await converted(folder);
    },
    types: 'hyperslab resume session.nwb',
    exit: 2,
    sees: 'error: there is nothing to resume: /data/session.nwb exists and has no journal',
  },
  {
    user: 'has changed the recording since the conversion',
    prepare: async (folder) => {
      await converted(folder);
      writeFileSync(join(folder, 'ap.bin'), new Uint8Array(1600));
    },
    types: 'hyperslab verify session.nwb session.yaml',
    exit: 3,
    sees: [],
    prints: [
      'DIFFERS  /acquisition/AP/data: first difference at [0, 1]: 0 in the source, 1 in the file',
    ],
  },
  {
    user: 'has recorded more since the conversion',
    prepare: async (folder) => {
      await converted(folder);
      appendFileSync(join(folder, 'ap.bin'), new Uint8Array(8));
    },
    types: 'hyperslab verify session.nwb session.yaml',
    exit: 3,
    sees: [],
    prints: ['DIFFERS  /acquisition/AP/data: expected the shape [201, 4] but received [200, 4]'],
  },
  {
    user: 'converts a recording that was touched',
    prepare: async (folder) => {
      await converted(folder);
      utimesSync(join(folder, 'ap.bin'), 1e9, 1e9);
    },
    types: 'hyperslab verify session.nwb session.yaml -q',
    exit: 0,
    sees: [],
  },
];

/** Root without the right to pass over the permissions of files. */
const asUser = (line: string) =>
  `setpriv --bounding-set=-dac_override,-dac_read_search "$NODE" "$MAIN" ${line}`;

/** Files without rights; for tests that run as root. */
export const RIGHTS: readonly Mistake[] = [
  {
    user: 'may not read the recording',
    prepare: (folder) => chmodSync(join(folder, 'ap.bin'), 0),
    script: asUser('plan session.yaml'),
    exit: 2,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a readable file at /data/ap.bin but received a file without read permission',
  },
  {
    user: 'may not read the manifest',
    prepare: (folder) => chmodSync(join(folder, 'session.yaml'), 0),
    script: asUser('plan session.yaml'),
    exit: 2,
    sees: 'error: The manifest session.yaml cannot be read: permission denied',
  },
  {
    user: 'may not write into the folder',
    files: { 'nwb/': '' },
    prepare: (folder) => chmodSync(join(folder, 'nwb'), 0o555),
    script: asUser('convert session.yaml -o nwb/session.nwb'),
    exit: 2,
    sees: "error: /data/nwb/session.nwb can't be written: folder /data/nwb is not writable; choose another path",
  },
];

/** Disks without space; for tests that may mount file systems. */
export const DISKS: readonly Mistake[] = [
  {
    user: 'has a full disk',
    files: { 'disk/': '' },
    script:
      'mount -t tmpfs -o size=16k tmpfs disk; hyperslab convert session.yaml -q -o disk/session.nwb; code=$?; ls disk; umount disk; exit $code',
    exit: 1,
    sees: [
      'note: finished work is kept; continue with `hyperslab resume /data/disk/session.nwb`',
      'error: H5Fflush failed for /data/disk/session.nwb.partial: cannot write: No space left on device',
    ],
  },
];
