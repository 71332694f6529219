import { instead } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const exit = 2;

const out = (path: string) => instead('path: session.nwb', `path: ${path}`);

/** Paths of the output. */
export const OUTPUTS: readonly Mistake[] = [
  {
    user: 'has converted already',
    files: { 'session.nwb': 'dear' },
    types: 'hyperslab convert session.yaml',
    exit: 5,
    sees: 'error: /data/session.nwb already exists; pass --overwrite to replace it',
  },
  {
    user: 'writes into a folder that does not exist',
    types: 'hyperslab convert session.yaml -o nwb/session.nwb',
    exit,
    sees: "error: /data/nwb/session.nwb can't be written: folder /data/nwb doesn't exist; create it, or choose another path",
  },
  {
    user: 'names a folder as output',
    files: { 'nwb/': '' },
    types: 'hyperslab convert session.yaml -o nwb',
    exit,
    sees: 'error: /data/nwb is a folder; name a file',
  },
  {
    user: 'names a folder with a slash as output',
    files: { 'nwb/': '' },
    types: 'hyperslab convert session.yaml -o nwb/',
    exit,
    sees: "error: Expected the path of a file, such as folder/session.nwb, for --output but received 'nwb/'",
  },
  {
    user: 'names a new folder with a slash as output',
    types: 'hyperslab convert session.yaml -o nwb/',
    exit,
    sees: "error: Expected the path of a file, such as folder/session.nwb, for --output but received 'nwb/'",
  },
  {
    user: 'writes below a file',
    types: 'hyperslab convert session.yaml -o ap.bin/session.nwb',
    exit,
    sees: "error: /data/ap.bin/session.nwb can't be written: /data/ap.bin is not a folder; choose another path",
  },
  {
    user: 'writes over the recording',
    types: 'hyperslab convert session.yaml -o ap.bin --overwrite',
    exit,
    sees: 'error: writing /data/ap.bin would overwrite an input, the source of /acquisition/AP/data; choose another path',
  },
  {
    user: 'writes over the manifest',
    types: 'hyperslab convert session.yaml -o session.yaml --overwrite',
    exit,
    sees: 'error: Expected an output other than the manifest but received /data/session.yaml',
  },
  {
    user: 'gives no output',
    manifest: instead('path: session.nwb\n', ''),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: 'error: session.yaml: Expected a text for path but received nothing',
  },
  {
    user: 'leaves the output empty',
    manifest: out(''),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: 'error: session.yaml:1: Expected a text for path but received null (a key without a value)',
  },
  {
    user: 'gives an empty output option',
    types: "hyperslab convert session.yaml -o ''",
    exit,
    sees: "error: Expected the path of a file for --output but received ''",
  },
  {
    user: 'forgets the ending .nwb',
    types: 'hyperslab plan session.yaml -o session',
    exit: 0,
    sees: "warning: path '/data/session' does not end in .nwb",
  },
  {
    user: 'names a variable of the shell in the manifest',
    manifest: out('$HOME/session.nwb'),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: "error: /data/$HOME/session.nwb can't be written: folder /data/$HOME doesn't exist; only a shell replaces $NAME: write the path itself",
  },
  {
    user: 'names a variable of the shell in a source',
    manifest: instead('ap.bin', '$DATA/ap.bin'),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/$DATA/ap.bin but received nothing: no such file (only a shell replaces $NAME: write the path itself)',
  },
  {
    user: 'names the home folder of a colleague',
    manifest: out('~maria/session.nwb'),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: "error: session.yaml:1: Expected a path such as '~/data' (or './~data' for a name that begins with ~) for path but received '~maria/session.nwb'",
  },
  {
    user: 'looks for a recording in the home folder',
    manifest: instead('ap.bin', '~/recordings/ap.bin'),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: "error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/recordings/ap.bin but received nothing: no such file (folder /data/recordings doesn't exist)",
  },
  {
    user: 'writes a name that is too long',
    types: `hyperslab convert session.yaml -o ${'x'.repeat(300)}.nwb`,
    exit,
    sees: "error: /data/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.nwb can't be written: its name with .partial has 312 bytes, more than the 255 that a file system allows; choose a shorter name",
  },
  {
    user: 'writes to a file that is not its own',
    files: { 'session.nwb.partial': 'notes' },
    types: 'hyperslab convert session.yaml',
    exit: 5,
    sees: 'error: /data/session.nwb.partial already exists, without a journal to resume it from; pass --overwrite to replace it',
  },
  {
    user: 'writes to a device',
    types: 'hyperslab convert session.yaml -o /dev/null',
    exit,
    sees: 'error: /dev/null is a device; name a file',
  },
  {
    user: 'writes to standard output',
    types: 'hyperslab convert session.yaml -o -',
    exit,
    sees: "error: Expected the path of a file (standard output can't hold an NWB file) for --output but received '-'",
  },
  {
    user: 'gives a web address as output',
    types: 'hyperslab convert session.yaml -o s3://bucket/session.nwb',
    exit,
    sees: "error: /data/s3:/bucket/session.nwb can't be written: folder /data/s3:/bucket doesn't exist; only local files can be read and written",
  },
  {
    user: 'gives a web address as source',
    manifest: instead('ap.bin', 'https://example.org/ap.bin'),
    types: 'hyperslab convert session.yaml',
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/https:/example.org/ap.bin but received nothing: no such file (only local files can be read and written)',
  },
  {
    user: 'writes umlauts, spaces and quotes in paths',
    manifest: out(`"Mäuse/m 1's.nwb"`),
    files: { 'Mäuse/': '' },
    types: 'hyperslab convert session.yaml -q',
    exit: 0,
    sees: [],
    leaves: ["Mäuse/m 1's.nwb"],
  },
];
