import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureOf } from '../../src/cli/failures.js';
import { withManifest } from '../../src/cli/manifest.js';
import { parseSettings, settingFlags } from '../../src/cli/manifest-settings.js';
import { type ConversionPlan, type Description, inspect, plan } from '../../src/index.js';
import { numRuns } from '../support/effort.js';
import { hyperslab, MANIFEST, runPrinted, withSession } from './run.js';

/** Plans the manifest of a folder with values set. */
async function planned(folder: string, ...set: readonly string[]): Promise<ConversionPlan> {
  return withManifest(
    join(folder, 'session.yaml'),
    ({ description, baseDir }) => plan(description, { baseDir, workers: 1 }),
    parseSettings(set),
  );
}

/** The description of a manifest with values set. */
function described(folder: string, ...set: readonly string[]): Promise<Description> {
  return withManifest(
    join(folder, 'session.yaml'),
    async ({ description }) => description,
    parseSettings(set),
  );
}

test('convert --set writes the values, and verify --set compares with them', async () => {
  await withSession(async (folder) => {
    const set = ['--set', 'nwbfile.identifier=m2', '--set', 'acquisition.0.data.chunks=[500, 2]'];
    const { code, stderr } = await hyperslab(['convert', 'session.yaml', '-q', ...set], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [dataset] = inspect(join(folder, 'session.nwb'))
      .children.flatMap((one) => ('children' in one ? one.children : []))
      .filter(({ path }) => path === '/acquisition/ElectricalSeriesAP')
      .flatMap((one) => ('children' in one ? one.children : []))
      .filter(({ path }) => path.endsWith('/data'));
    expect(dataset).toMatchObject({ chunks: [500, 2] });
    const other = ['--set', "acquisition[0].data.source.columns='1:5'"];
    const args = ['verify', 'session.nwb', 'session.yaml', '-q', ...other];
    expect(await hyperslab(args, folder)).toMatchObject({ code: 3, stderr: '' });
    const without = await hyperslab(['verify', 'session.nwb', ...other], folder);
    expect(without).toMatchObject({ code: 2, stdout: '' });
    expect(without.stderr).toMatch(/^error: Expected a manifest with --set; run `hyperslab verify/);
    const printed = await runPrinted(without.stderr, folder);
    expect(printed).toMatchObject({ code: 3 });
  });
});

test.each<[string, (description: Description) => unknown, unknown]>([
  ['nwbfile.identifier=m=2', ({ nwbfile }) => nwbfile.identifier, 'm=2'],
  ['nwbfile.identifier="007"', ({ nwbfile }) => nwbfile.identifier, '007'],
  ['acquisition.0.rate=3e4', ({ acquisition }) => acquisition?.[0].rate, 30_000],
  ['acquisition[1].name=Syn', ({ acquisition }) => acquisition?.[1].name, 'Syn'],
  ['nwbfile.subject.age=P9D', ({ nwbfile }) => nwbfile.subject?.age, 'P9D'],
  ['nwbfile.keywords=[a, b]', ({ nwbfile }) => nwbfile.keywords, ['a', 'b']],
  ['nwbfile.subject={ subjectId: m3 }', ({ nwbfile }) => nwbfile.subject, { subjectId: 'm3' }],
])('--set %s means what it would mean in the manifest', async (set, find, value) => {
  await withSession(async (folder) => {
    expect(find(await described(folder, set))).toEqual(value);
  });
});

test('the last of several values counts, and a part of a mapping that was missing is added', async () => {
  const bare = MANIFEST.replace(/ {2}subject: .*\n/, '');
  await withSession(async (folder) => {
    const { nwbfile } = await described(
      folder,
      'nwbfile.subject.subjectId=m4',
      'nwbfile.subject.species=Rattus norvegicus',
      'nwbfile.subject.subjectId=m5',
    );
    expect(nwbfile.subject).toEqual({ subjectId: 'm5', species: 'Rattus norvegicus' });
  }, bare);
});

test('a value is set in one place, though another place shares it by an alias', async () => {
  const shared = MANIFEST.replace(
    'data:\n      source: { type: raw',
    'data: &data\n      source: { type: raw',
  );
  await withSession(
    async (folder) => {
      const { acquisition } = await described(folder, 'acquisition.1.data.chunks=[9, 1]');
      expect(acquisition?.map(({ data }) => (data as { chunks?: unknown }).chunks)).toEqual([
        [1000, 4],
        [9, 1],
      ]);
    },
    shared.replace(/(name: Sync[\s\S]*?)data:\n.*\n/, '$1data: *data\n'),
  );
});

const FILE = 'session.yaml with --set ';

test.each([
  [
    'nwbfile.identifer=x',
    `${FILE}nwbfile.identifer: Unknown key 'identifer' in nwbfile: did you mean 'identifier'?`,
  ],
  [
    'acquisition[0].rate=-1',
    `${FILE}acquisition[0].rate: Expected a number greater than 0 for acquisition[0].rate but received -1`,
  ],
  [
    'acquisition.2.rate=1',
    `${FILE}acquisition.2.rate: Expected an index from 0 to 1 for acquisition but received '2'`,
  ],
  [
    'acquisition.rate=1',
    `${FILE}acquisition.rate: Expected an index from 0 to 1 for acquisition but received 'rate'`,
  ],
  [
    'nwbfile.identifier.x=1',
    `${FILE}nwbfile.identifier.x: Expected a mapping for nwbfile.identifier but received 'm1-2026-01-15'`,
  ],
  [
    'nwbfile.keywords.0=a',
    `${FILE}nwbfile.keywords.0: Expected a list for nwbfile.keywords but received nothing`,
  ],
  [
    'nwbfile.identifier=1e5',
    `${FILE}nwbfile.identifier: Expected a text for nwbfile.identifier but received 1e5 (for a text: --set 'nwbfile.identifier="1e5"')`,
  ],
  [
    'acquisition.0.data.source.path=b.bin',
    `${FILE}acquisition.0.data.source.path: acquisition[0].data.source.path: Expected a file at FOLDER/b.bin but received nothing: no such file`,
  ],
  [
    'nwbfile.identifier=007',
    `Expected a value for --set nwbfile.identifier but received '007': Expected a number without leading zeros but received one with them (for a text: --set 'nwbfile.identifier="007"')`,
  ],
  [
    'nwbfile.identifier=a: b',
    `Expected a value for --set nwbfile.identifier but received 'a: b': Expected one value behind a key but received another key (a text with ': ' needs quotes; is the next line indented too far?) (for a text: --set 'nwbfile.identifier="a: b"')`,
  ],
  [
    'nwbfile.identifier=a #1',
    `Expected a value for --set nwbfile.identifier but received 'a #1', which YAML reads as a value and more (for a text: --set 'nwbfile.identifier="a #1"')`,
  ],
  [
    'nwbfile.identifier=',
    `Expected a value for --set nwbfile.identifier but received nothing (for an empty text: --set nwbfile.identifier='""')`,
  ],
  [
    '__proto__.x=1',
    "Expected a key such as acquisition.0.rate for --set but received '__proto__.x'",
  ],
])('--set %s is refused in words', async (set, message) => {
  await withSession(async (folder) => {
    const error = await planned(folder, set).catch((thrown) => thrown);
    const { text, exitCode } = failureOf(error);
    expect(text.replace(`${folder}/session.yaml`, 'session.yaml').replace(folder, 'FOLDER')).toBe(
      `error: ${message}`,
    );
    expect(exitCode).toBe(2);
  });
});

test('a problem that --set has no part in keeps its line', async () => {
  await withSession(
    async (folder) => {
      const error = await planned(folder, 'acquisition.0.rate=20000').catch((thrown) => thrown);
      expect(error.message).toBe(
        `${folder}/session.yaml:4: Expected a text for nwbfile.identifier but received 1e5 (put it in quotes)`,
      );
    },
    MANIFEST.replace('identifier: m1-2026-01-15', 'identifier: 1e5'),
  );
});

test('every text arrives as it is, if it is quoted as the message says', async () => {
  await withSession(async (folder) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (text) => {
        const { nwbfile } = await described(folder, `nwbfile.identifier=${JSON.stringify(text)}`);
        expect(nwbfile.identifier).toBe(text);
      }),
      { numRuns: numRuns(30) },
    );
  });
});

test('settings of any text are parsed, or refused as an error of the command line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        const [setting] = parseSettings([`nwbfile.identifier=${text}`]);
        expect(settingFlags([setting])).toHaveLength(2);
      } catch (error) {
        expect(error).toHaveProperty('tag', 'UsageError');
      }
    }),
    { numRuns: numRuns(200) },
  );
});
