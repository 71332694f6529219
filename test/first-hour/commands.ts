import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOOD } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const exit = 2;

/** Names of commands and options. */
export const OPTIONS: readonly Mistake[] = [
  {
    user: 'forgets the command',
    types: 'hyperslab session.yaml',
    exit,
    sees: "error: unknown command 'session.yaml'; `hyperslab convert session.yaml` converts what this manifest describes",
  },
  {
    user: 'misspells the command',
    types: 'hyperslab covert session.yaml',
    exit,
    sees: "error: unknown command 'covert' (Did you mean convert?)",
  },
  {
    user: 'forgets the manifest',
    types: 'hyperslab convert',
    exit,
    sees: "error: missing required argument 'manifests'; `hyperslab convert --help` explains it",
  },
  {
    user: 'misspells an option',
    types: 'hyperslab convert session.yaml --overwite',
    exit,
    sees: "error: unknown option '--overwite' (Did you mean --overwrite?)",
  },
  {
    user: 'writes a long option with one dash',
    types: 'hyperslab convert session.yaml -workers 2',
    exit,
    sees: 'error: Expected --workers, with two dashes, but received -workers',
  },
  {
    user: 'asks for force',
    types: 'hyperslab convert session.yaml --force',
    exit,
    sees: "error: unknown option '--force'; `hyperslab convert --help` lists the options",
  },
  {
    user: 'asks for no workers',
    types: 'hyperslab convert session.yaml --workers 0',
    exit,
    sees: "error: Expected a whole number of at least 1 for --workers but received '0'",
  },
  {
    user: 'asks for half a worker',
    types: 'hyperslab convert session.yaml --workers 0.5',
    exit,
    sees: "error: Expected a whole number of at least 1 for --workers but received '0.5'",
  },
  {
    user: 'asks for all workers',
    types: 'hyperslab convert session.yaml --workers all',
    exit,
    sees: "error: Expected a whole number of at least 1 for --workers but received 'all'",
  },
  {
    user: 'asks for too many workers',
    types: 'hyperslab convert session.yaml --workers 5000',
    exit,
    sees: 'error: Expected a whole number from 1 to 1024 for --workers but received 5000',
  },
  {
    user: 'forgets how many workers',
    types: 'hyperslab convert session.yaml --workers',
    exit,
    sees: 'error: Expected a value (<count>) for --workers but received nothing',
  },
  {
    user: 'forgets the unit of memory',
    types: 'hyperslab convert session.yaml --memory 10',
    exit,
    sees: "error: Expected an amount with its unit, such as '2GiB' or '500MB', for --memory but received '10' (10 bytes? Write 10GiB)",
  },
  {
    user: 'writes a space in front of the unit of memory',
    types: 'hyperslab plan session.yaml --memory 4 GB',
    exit,
    sees: 'error: Expected 1 argument for plan but received 2 (put quotes around a path or a value with spaces)',
  },
  {
    user: 'writes an unknown unit of memory',
    types: 'hyperslab convert session.yaml --memory 4X',
    exit,
    sees: "error: Expected a number of bytes, or a text such as '2GiB' or '500MB' for --memory but received '4X'",
  },
  {
    user: 'gives too little memory',
    types: 'hyperslab convert session.yaml --memory 1M',
    exit,
    sees: 'error: session.yaml:15: acquisition[0].data: Expected at least 2.05 MiB (2150562 B) of memory for /acquisition/AP/data (1 worker x 2.05 MiB (2150562 B) for one chunk) but received 1 MiB (1048576 B) (raise --memory, or choose smaller chunks)',
  },
  {
    user: 'puts the option of another command behind plan',
    types: 'hyperslab plan session.yaml --overwrite',
    exit,
    sees: "error: unknown option '--overwrite'; `hyperslab plan --help` lists the options",
  },
  {
    user: 'asks for a compression on the command line',
    types: 'hyperslab convert session.yaml --compression gzip',
    exit,
    sees: "error: unknown option '--compression'; `hyperslab convert --help` lists the options",
  },
  {
    user: 'chooses a file format that does not exist',
    types: 'hyperslab convert session.yaml --libver latest',
    exit,
    sees: "error: Expected earliest or v110 for --libver but received 'latest'",
  },
];

/** Files that a command does not take. */
export const FILES: readonly Mistake[] = [
  {
    user: 'misspells the name of the manifest',
    types: 'hyperslab convert sesion.yaml',
    exit,
    sees: 'error: The manifest sesion.yaml cannot be read: no such file (manifests there: session.yaml)',
  },
  {
    user: 'writes .yml for .yaml',
    types: 'hyperslab convert session.yml',
    exit,
    sees: 'error: The manifest session.yml cannot be read: no such file (manifests there: session.yaml)',
  },
  {
    user: 'forgets the quotes around a space',
    files: { 'my session.yaml': GOOD },
    types: 'hyperslab plan my session.yaml',
    exit,
    sees: 'error: Expected 1 argument for plan but received 2 (put quotes around a path or a value with spaces)',
  },
  {
    user: 'puts the pattern of manifests into quotes',
    types: "hyperslab convert '*.yaml'",
    exit,
    sees: 'error: The manifest *.yaml cannot be read: no such file (manifests there: session.yaml)',
  },
  {
    user: 'names the folder',
    types: 'hyperslab convert .',
    exit,
    sees: 'error: Expected a manifest at . but received a folder (manifests there: session.yaml)',
  },
  {
    user: 'names the recording of SpikeGLX',
    files: { 'g0_t0.imec0.ap.bin': '\0' },
    types: 'hyperslab convert g0_t0.imec0.ap.bin',
    exit,
    sees: 'error: Expected a manifest at g0_t0.imec0.ap.bin but received a SpikeGLX file; write a manifest that describes the samples of the .bin file with `type: raw` (dtype int16, shape [null, nSavedChans of the .meta file]; see docs/manifest.md)',
  },
  {
    user: 'names a file of Intan',
    files: { 'm1.rhd': '\0' },
    types: 'hyperslab convert m1.rhd',
    exit,
    sees: "error: Expected a manifest at m1.rhd but received an Intan RHD file; hyperslab can't read it yet; NeuroConv converts it",
  },
  {
    user: 'names a raw file',
    types: 'hyperslab convert ap.bin',
    exit,
    sees: 'error: Expected a manifest at ap.bin but received what seems to be a file of plain samples; write a manifest that describes its samples with `type: raw` (dtype, often int16; shape [null, channels]; see docs/manifest.md)',
  },
  {
    user: 'names an NWB file',
    prepare: (folder) => writeFileSync(join(folder, 'old.nwb'), '\x89HDF\r\n\x1a\n', 'latin1'),
    types: 'hyperslab convert old.nwb',
    exit,
    sees: 'error: Expected a manifest at old.nwb but received an NWB file; `hyperslab inspect old.nwb` shows what it holds, and `hyperslab verify old.nwb` checks it',
  },
  {
    user: 'converts the folder of a recording',
    prepare: (folder) => {
      mkdirSync(join(folder, 'run_g0/run_g0_imec0'), { recursive: true });
      writeFileSync(join(folder, 'run_g0/run_g0_imec0/run_g0_t0.imec0.ap.meta'), '');
    },
    types: 'hyperslab convert run_g0',
    exit,
    sees: 'error: Expected a manifest at run_g0 but received a folder with run_g0/run_g0_imec0/run_g0_t0.imec0.ap.meta, a SpikeGLX file; write a manifest that describes the samples of the .bin file with `type: raw` (dtype int16, shape [null, nSavedChans of the .meta file]; see docs/manifest.md)',
  },
  {
    user: 'resumes with the manifest',
    types: 'hyperslab resume session.yaml',
    exit,
    sees: 'error: Expected the path of an NWB file but received the manifest session.yaml; `hyperslab convert session.yaml --resume` resumes its conversion',
  },
  {
    user: 'resumes what was never begun',
    types: 'hyperslab resume session.nwb',
    exit,
    sees: 'error: there is no interrupted conversion to /data/session.nwb (no journal /data/session.nwb.journal); check the path, or begin with convert',
  },
  {
    user: 'recovers what was never begun',
    types: 'hyperslab recover session.nwb',
    exit,
    sees: 'error: there is no interrupted conversion to /data/session.nwb (no journal /data/session.nwb.journal); check the path, or begin with convert',
  },
  {
    user: 'inspects the manifest',
    script: 'hyperslab inspect session.yaml',
    exit,
    sees: 'error: Expected an HDF5 file at session.yaml but received a manifest; `hyperslab plan session.yaml` shows what it describes',
  },
  {
    user: 'inspects the recording',
    script: 'hyperslab inspect ap.bin',
    exit,
    sees: 'error: Expected an HDF5 file at ap.bin but received what seems to be a file of plain samples; write a manifest that describes its samples with `type: raw` (dtype, often int16; shape [null, channels]; see docs/manifest.md)',
  },
  {
    user: 'verifies before converting',
    types: 'hyperslab verify session.nwb session.yaml',
    exit,
    sees: 'error: session.nwb cannot be read: no such file',
  },
  {
    user: 'verifies the manifest',
    types: 'hyperslab verify session.yaml',
    exit,
    sees: 'error: Expected an HDF5 file at session.yaml but received a manifest; the file comes first: `hyperslab verify FILE session.yaml`',
  },
  {
    user: 'puts the manifest before the file',
    files: { 'session.nwb': '' },
    types: 'hyperslab verify session.yaml session.nwb',
    exit,
    sees: 'error: Expected an HDF5 file at session.yaml but received a manifest; the file comes first: `hyperslab verify FILE session.yaml`',
  },
  {
    user: 'fills with the manifest of a conversion',
    types: 'hyperslab fill session.yaml',
    exit,
    sees: 'error: Expected a manifest with path and datasets at session.yaml but received one of a conversion; `hyperslab convert session.yaml` converts it',
  },
  {
    user: 'writes a manifest twice',
    types: 'hyperslab init',
    exit,
    sees: 'error: session.yaml already exists; choose another path',
  },
  {
    user: 'begins with a wrong number of channels',
    types: 'hyperslab init new.yaml --raw ap.bin --channels 7 --dtype int16',
    exit,
    sees: 'error: Expected whole samples of 14 bytes (7 channels of int16) in ap.bin but received 1,600 bytes; check --channels, --dtype and --offset',
  },
];
