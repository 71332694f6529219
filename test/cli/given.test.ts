import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withManifest } from '../../src/cli/manifest.js';
import { converted, hyperslab, withFolder, withSession } from './run.js';

/** What a command that expects a manifest says about a path, without the folder. */
async function said(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const error = await withManifest(path, async () => {}).catch((thrown) => thrown);
  return String(error?.message).replaceAll(`${folder}/`, '').replaceAll(folder, '.');
}

const NEUROCONV = "; hyperslab can't read it yet; NeuroConv converts it";
const RAW = 'with `type: raw`';

/** Files by name alone, or by their first bytes under the name `x`. */
test.each<[file: string, begin: string, what: string, advice: string]>([
  ['run_g0_t0.imec0.ap.bin', '\0\x01', 'a SpikeGLX file', RAW],
  ['run_g0_t0.nidq.meta', 'acqMnMaXaDw=0,0,1,1\n', 'a SpikeGLX file', RAW],
  ['structure.oebin', '{}', 'a file of Open Ephys (binary format)', RAW],
  ['continuous.dat', '\0\x01', 'a file of Open Ephys (binary format)', RAW],
  ['100_CH1.continuous', 'h', 'a file of Open Ephys (legacy format)', NEUROCONV],
  ['x', "header.format = 'Open Ephys Data Format';", 'a file of Open Ephys (legacy f', NEUROCONV],
  ['amplifier.dat', '\0', 'a file of Intan, one file per signal type or channel', RAW],
  ['a.rhd', 'x', 'an Intan RHD file', NEUROCONV],
  ['x', '\x02\x27\x91\xc6\x03\0', 'an Intan RHD file', NEUROCONV],
  ['x', '\xac\x27\x91\xd6\x03\0', 'an Intan RHS file', NEUROCONV],
  ['a.ns5', 'x', 'a Blackrock file', NEUROCONV],
  ['x', 'NEURALCD\x02\x02', 'a Blackrock file', NEUROCONV],
  ['x', 'NEURALEV\x02\x02', 'a Blackrock file', NEUROCONV],
  ['CSC1.ncs', 'x', 'a Neuralynx file', NEUROCONV],
  ['x', '######## Neuralynx Data File Header', 'a Neuralynx file', NEUROCONV],
  ['x', '0       subject', 'an EDF file', NEUROCONV],
  ['x', '\xffBIOSEMIsubject', 'a BDF file', NEUROCONV],
  ['x', 'ABF2\0\0', 'an Axon ABF file', NEUROCONV],
  ['a.tev', '\0', 'a file of a TDT tank', NEUROCONV],
  ['x', 'PLEX\x01', 'a Plexon file', NEUROCONV],
  ['a.rec', '<?xml', 'a SpikeGadgets file', NEUROCONV],
  ['a.smrx', '\0', 'a Spike2 file (CED)', NEUROCONV],
  ['a.vhdr', 'Brain Vision Data Exchange', 'a BrainVision file', RAW],
  ['a.cbin', '\0', 'a file compressed by mtscomp', `decompress it with mtscomp, then write`],
  ['x', 'MATLAB 5.0 MAT-file, Platform', 'a MATLAB file', RAW],
  ['x', '\x93NUMPY\x01\0', 'an array of NumPy', '`type: npy`'],
  ['x', 'II*\0', 'a TIFF file', NEUROCONV],
  ['x', 'MM\0+', 'a TIFF file', NEUROCONV],
  ['a.dat', '\0\x01', 'what seems to be a file of plain samples', RAW],
  ['a.nwb', '\x89HDF\r\n\x1a\n', 'an NWB file', '`hyperslab inspect'],
  ['x', `${'\0'.repeat(512)}\x89HDF\r\n\x1a\n`, 'an HDF5 file', '`hyperslab verify'],
  ['x.nwb.journal', 'hyperslab journal\n\0', 'the journal of an unfinished', '`hyperslab resume'],
])('%s, which begins with %j, is %s', async (file, begin, what, advice) => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, file), begin, 'latin1');
    const message = await said(folder, file);
    expect(message.slice(0, message.indexOf(';') + 1)).toContain(
      `Expected a manifest at ${file} but received ${what}`,
    );
    expect(message).toContain(advice);
  });
});

test.each([
  ['run_g0/run_g0_imec0/run_g0_t0.imec0.ap.meta', 'a SpikeGLX file'],
  ['Record Node 101/experiment1/recording1/structure.oebin', 'a file of Open Ephys (binary'],
  ['a.zarr/.zgroup', 'a Zarr folder'],
  ['tank/block.tsq', 'a file of a TDT tank'],
])('a folder with %s is named', async (file, what) => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), '');
    expect(await said(folder, '')).toContain(`received a folder with ${file}, ${what}`);
  });
});

test('other folders, texts and bytes are called what they are', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'x.bin.yaml'), 'a: 1');
    await writeFile(join(folder, 'noise'), '\x01\0\x02');
    await writeFile(join(folder, 'partial'), 'a: 1');
    expect(await said(folder, 'x.bin.yaml')).toBe('undefined');
    expect(await said(folder, 'partial')).toBe('undefined');
    expect(await said(folder, 'noise')).toContain('received a binary file (it has NUL bytes)');
    expect(await said(folder, '')).toBe(
      'Expected a manifest at . but received a folder (manifests there: x.bin.yaml)',
    );
  });
});

test('commands that take an NWB file say what else they got', async () => {
  await withSession(async (folder) => {
    await converted(folder);
    await writeFile(join(folder, 'a.rhd'), '\x02\x27\x91\xc6', 'latin1');
    const lab = (name: string) =>
      `error: Expected an HDF5 file at ${name} but received an Intan RHD file${NEUROCONV}\n`;
    const manifest = 'error: Expected an HDF5 file at session.yaml but received a manifest; ';
    for (const [args, message] of [
      [['inspect', 'a.rhd'], lab('a.rhd')],
      [['verify', 'a.rhd'], lab('a.rhd')],
      [
        ['inspect', 'session.yaml'],
        `${manifest}\`hyperslab plan session.yaml\` shows what it describes\n`,
      ],
      [
        ['verify', 'session.yaml'],
        `${manifest}the file comes first: \`hyperslab verify FILE session.yaml\`\n`,
      ],
      [
        ['verify', 'session.yaml', 'session.nwb'],
        'error: Expected the NWB file before the manifest; run `hyperslab verify session.nwb session.yaml`\n',
      ],
      [
        ['verify', 'session.nwb', 'session.nwb', 'session.yaml'],
        'error: Expected one file to compare with the manifest session.yaml but received 2\n',
      ],
    ] as const)
      expect(await hyperslab(args, folder)).toEqual({ code: 2, stdout: '', stderr: message });
  });
});

test('inspect and verify take several files, and the exit code is the worst', async () => {
  await withSession(async (folder) => {
    await converted(folder);
    const verified = await hyperslab(['verify', 'session.nwb', 'none.nwb', 'session.nwb'], folder);
    expect(verified.code).toBe(2);
    expect(verified.stdout.match(/session\.nwb matches its checksums/g)).toHaveLength(2);
    expect(verified.stderr).toContain('error: none.nwb cannot be read: no such file\n');
    const inspected = await hyperslab(['inspect', 'none.nwb', 'session.nwb', '--json'], folder);
    expect(inspected.code).toBe(2);
    expect(JSON.parse(inspected.stdout)).toMatchObject([
      { error: { tag: 'UsageError', path: 'none.nwb', exitCode: 2 } },
      { kind: 'group', neurodataType: 'NWBFile' },
    ]);
    const sound = await hyperslab(['verify', 'session.nwb', 'session.nwb', '--json'], folder);
    expect(sound).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(sound.stdout)).toMatchObject([{ equal: true }, { equal: true }]);
  });
});

test('resume takes several files', async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await hyperslab(
      ['resume', 'a.nwb', 'b.nwb', '--json'],
      folder,
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject(
      ['a', 'b'].map((name) => ({
        error: { tag: 'OutputError', path: join(folder, `${name}.nwb`), exitCode: 2 },
      })),
    );
    expect(stderr).toMatch(/^error: .*\nerror: .*\nfailed: .*a\.nwb.*\nfailed: .*b\.nwb.*\n$/);
  });
});
