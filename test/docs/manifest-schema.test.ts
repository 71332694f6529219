import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifestText } from '../../src/cli/demo/manifest-text.js';
import { checkDescription, checkFill } from '../../src/description/index.js';
import { MANIFEST } from '../cli/run.js';
import { ROOT, samplesIn } from './pages.js';

const PATH = join(ROOT, 'schema/manifest.schema.json');
const schema = JSON.parse(readFileSync(PATH, 'utf8'));
// A schema without a type beside a keyword is meant for values of any type.
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
const isValid = ajv.compile(schema);

/** What `convert` or `fill` says; undefined if it accepts the manifest. */
function refusal(manifest: object): string | undefined {
  try {
    if ('datasets' in manifest) checkFill(manifest);
    else checkDescription(manifest);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const EVERYTHING = `
path: a.nwb
nwbfile:
  sessionDescription: one
  identifier: two
  sessionStartTime: 2026-11-22T10:00:00.5Z
  timestampsReferenceTime: 2026-11-22T10:00:00-05:30
  experimenter: [Doe, Jane]
  keywords: probe
  wasGeneratedBy: [[program, '1.0']]
  subject: { age: P80D/, weight: 0.023, species: Caenorhabditis elegans, sex: XO, ageReference: gestational, dateOfBirth: 2026-01-15 }
devices: [{ name: probe }, { name: box, serialNumber: '7' }]
electrodeGroups: [{ name: s0, device: probe, location: CA1, description: one }]
electrodes: [{ x: 1.5, label: a, isGood: true }, { x: null, id: 7, label: b, isGood: false }]
electrodeColumns: { label: the name on the connector }
acquisition:
  - type: ElectricalSeries
    name: a
    timestamps: { source: { type: npy, path: ~/t.npy }, scale: 1/30000, offset: -1 }
    channelConversion: [1, 2]
    electrodes: [0, 1]
    data:
      source:
        type: concat
        sources:
          - { type: stack, files: 'ch*.bin', each: { type: raw, dtype: int16, shape: [null] } }
          - { type: module, path: a.mjs, options: { any: [1, thing] }, baseDir: .. }
          - { type: raw, path: a.bin, dtype: uint16, shape: [null, 2], columns: '::-1', order: F, trailer: ignore }
          - { type: csv, path: a.csv, columns: [x, 2], dtype: uint16, delimiter: ;, header: true }
          - { type: concat, files: 'a*.tsv', each: { type: csv, columns: [0, 1], delimiter: tab, header: false } }
      chunks: [null, 2]
      chunkTarget: 1MiB
      compression: false
      fillvalue: -1
      maxshape: [null, 2]
  - { type: TimeSeries, name: b, unit: m, rate: 1.5, startingTime: 3, resolution: -1, data: [[1, 2], [3, 4]] }
  - { type: TimeSeries, name: c, unit: m, timestamps: [1, 2], data: { values: [1, 2], dtype: int8 } }
`;

const manifests: readonly (readonly [name: string, text: string])[] = [
  ['the demo', manifestText('a.bin', 'a.nwb')],
  ['the tests of the command line', MANIFEST],
  ['this test, with most keys', EVERYTHING],
  ...samplesIn('yaml')
    .filter(({ code }) => /^path:/m.test(code))
    .map(({ page, code }) => [page, code] as const),
];

test.each(manifests)('the JSON Schema accepts the manifest of %s', (_, text) => {
  const manifest = parse(text);
  expect(refusal(manifest)).toBeUndefined();
  isValid(manifest);
  expect(isValid.errors ?? []).toEqual([]);
});

const FILL = { path: 'a.nwb', datasets: { '/a': { type: 'npy', path: 'a.npy' } } };

/** A valid manifest with the value at a path replaced, or removed where the value is undefined. */
function changed(manifest: object, path: string, value: unknown): object {
  const copy = structuredClone(manifest);
  const keys = path.split('.');
  const last = keys.pop() as string;
  const parent = keys.reduce<Record<string, unknown>>(
    (at, key) => at[key] as Record<string, unknown>,
    copy as Record<string, unknown>,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const ap = 'acquisition.0';
const source = `${ap}.data.source`;
test.each<[mistake: string, path: string, value: unknown]>([
  ['no path', 'path', undefined],
  ['an empty path', 'path', ' '],
  ['a path in the home of another user', 'path', '~maria/a.nwb'],
  ['no session', 'nwbfile', undefined],
  ['no identifier', 'nwbfile.identifier', undefined],
  ['an identifier that is a number', 'nwbfile.identifier', 7],
  ['a key that is still to be filled in', 'nwbfile.sessionDescription', null],
  ['a start without a zone', 'nwbfile.sessionStartTime', '2026-01-15T10:00:00'],
  ['a start without a time', 'nwbfile.sessionStartTime', '2026-01-15'],
  ['a name of PyNWB in snake case', 'nwbfile.session_id', 'a'],
  ['an unknown key', 'aquisition', []],
  ['a sex in words', 'nwbfile.subject.sex', 'male'],
  ['an age in days', 'nwbfile.subject.age', '90 days'],
  ['a birth at a time without a zone', 'nwbfile.subject.dateOfBirth', '2026-01-15T10:00:00'],
  ['a negative weight', 'nwbfile.subject.weight', -1],
  ['a device without a name', 'devices.0', { description: 'a' }],
  ['a name with a slash', 'devices.0.name', 'a/b'],
  ['devices by name', 'devices', { probe: {} }],
  ['a group without a location', 'electrodeGroups.0.location', undefined],
  ['no electrodes', 'electrodes.count', 0],
  ['half an electrode', 'electrodes.count', 1.5],
  ['an unknown type of series', `${ap}.type`, 'LFP'],
  ['a series without a type', `${ap}.type`, undefined],
  ['a series without data', `${ap}.data`, undefined],
  ['a TimeSeries without a unit', 'acquisition.1.unit', undefined],
  ['an ElectricalSeries in microvolts', `${ap}.unit`, 'microvolts'],
  ['electrodes of a TimeSeries', 'acquisition.1.electrodes', [0]],
  ['a rate of 0', `${ap}.rate`, 0],
  ['a rate with its unit', `${ap}.rate`, '30 kHz'],
  ['neither rate nor timestamps', `${ap}.rate`, undefined],
  ['both rate and timestamps', `${ap}.timestamps`, [1, 2]],
  ['a conversion of 0', `${ap}.conversion`, 0],
  ['a resolution of 0', `${ap}.resolution`, 0],
  ['an unknown type of source', `${source}.type`, 'binary'],
  ['a dtype of C', `${source}.dtype`, 'short'],
  ['a shape that is a number', `${source}.shape`, 5],
  ['a length of 0', `${source}.shape`, [null, 0]],
  ['a negative offset', `${source}.offset`, -1],
  ['a column by its number', `${source}.columns`, 4],
  ['columns in words', `${source}.columns`, '0-384'],
  ['a source in the home of another user', `${source}.path`, '~maria/ap.bin'],
  ['an unknown rule for what is behind the data', `${source}.trailer`, 'skip'],
  ['two ways to name columns', source, { type: 'csv', path: 'a.csv', column: 0, columns: [0] }],
  ['two delimiters', source, { type: 'csv', path: 'a.csv', delimiter: ', ' }],
  ['an unknown rule for chunks', `${ap}.data.chunks`, 'big'],
  ['an unknown compression', `${ap}.data.compression`, 'zstd'],
  ['a level of gzip out of range', `${ap}.data.compressionOpts`, 10],
  ['storage options within the source', `${source}.chunks`, [1, 1]],
  ['files without their format', source, { type: 'concat', files: 'a*.bin' }],
  ['scaled data', `${ap}.data`, { source: { type: 'npy', path: 'a.npy' }, scale: 2 }],
  [
    'files beside sources',
    source,
    { type: 'stack', files: 'a*.bin', sources: [{ type: 'npy', path: 'a.npy' }] },
  ],
])('the JSON Schema and the command refuse a manifest with %s', (_, path, value) => {
  const manifest = changed(parse(MANIFEST), path, value);
  expect(isValid(manifest)).toBe(false);
  expect(refusal(manifest)).toBeDefined();
});

test.each([
  [1e-6, true],
  ['1 / 30000.5', true],
  [0, false],
  [-1, false],
  ['30000', false],
  ['1:30000', false],
])(
  'for the JSON Schema and the command, timestamps with the scale %j are valid: %j',
  (scale, expected) => {
    const timestamps = { source: { type: 'npy', path: 't.npy' }, scale };
    const untimed = changed(parse(MANIFEST), `${ap}.rate`, undefined);
    const manifest = changed(untimed, `${ap}.timestamps`, timestamps);
    expect(isValid(manifest)).toBe(expected);
    expect(refusal(manifest) === undefined).toBe(expected);
  },
);

test.each<[mistake: string, path: string, value: unknown]>([
  ['no path', 'path', undefined],
  ['no datasets', 'datasets', {}],
  ['a relative path of a dataset', 'datasets.a', { type: 'npy', path: 'a.npy' }],
  ['a path instead of a source', 'datasets./a', 'a.npy'],
  ['keys of a description', 'nwbfile', {}],
])('the JSON Schema and the command refuse a manifest of fill with %s', (_, path, value) => {
  const manifest = changed(FILL, path, value);
  expect(isValid(manifest)).toBe(false);
  expect(refusal(manifest)).toBeDefined();
});

test('the JSON Schema has the descriptions and the defaults of the reference', () => {
  const { ElectricalSeriesDescription, RawSpec, SourceBulkInput } = schema.definitions;
  expect(ElectricalSeriesDescription.properties.conversion).toMatchObject({
    type: 'number',
    default: 1,
    description: 'Factor from stored values to the unit of the series.',
  });
  expect(RawSpec.properties.offset.default).toBe(0);
  expect(RawSpec.properties.order.default).toBe('C');
  expect(SourceBulkInput.properties.compression.default).toBe('gzip');
  expect(SourceBulkInput.properties.chunkTarget.default).toBe('4MiB');
});

test('the JSON Schema is found through the name of the package', () => {
  const { resolve } = createRequire(import.meta.url);
  expect(resolve('hyperslab/schema/manifest.schema.json')).toBe(PATH);
});
