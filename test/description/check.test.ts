import { describe, expect, it } from 'vitest';
import { checkDescription, DescriptionError } from '../../src/description/index.js';
import { bulk, example, series, session } from './example.js';

/** The lines of the error's message for an input. */
function complaints(input: unknown): string[] {
  try {
    checkDescription(input);
  } catch (error) {
    if (error instanceof DescriptionError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const withSeries = (fields: Record<string, unknown>) => example({ acquisition: [series(fields)] });
const withSession = (fields: Record<string, unknown>) => example({ nwbfile: session(fields) });

describe('checkDescription', () => {
  it('sets the defaults of a bulk dataset', () => {
    const { acquisition } = checkDescription(example());
    expect(acquisition[0].data).toEqual({
      ...bulk(),
      chunks: 'auto',
      compression: 'gzip',
      compressionOpts: 4,
      shuffle: true,
      fletcher32: false,
      skipFill: false,
    });
    expect(acquisition[0]).toMatchObject({ offset: 0, resolution: -1 });
  });

  it('shuffles data without compression only if asked to', () => {
    const stored = (fields: object) =>
      checkDescription(withSeries({ data: bulk({ ...fields }) })).acquisition[0].data;
    expect(stored({ compression: null })).toMatchObject({ compression: null, shuffle: false });
    expect(stored({ compression: false })).toMatchObject({ compression: null, shuffle: false });
    expect(stored({ compression: null, shuffle: true })).toMatchObject({ shuffle: true });
  });

  it('accepts a chunk target as text', () => {
    const { acquisition } = checkDescription(withSeries({ data: bulk({ chunkTarget: '1MiB' }) }));
    expect(acquisition[0].data).toMatchObject({ chunkTarget: 2 ** 20 });
  });

  it('accepts values in place, as float64 unless a dtype is given', () => {
    const data = (given: unknown) =>
      checkDescription(withSeries({ data: given })).acquisition[0].data;
    expect(data([[1, 2]])).toEqual({ values: [[1, 2]], dtype: 'float64' });
    expect(data({ values: [-1], dtype: 'int8' })).toEqual({ values: [-1], dtype: 'int8' });
    expect(data([])).toEqual({ values: [], dtype: 'float64' });
  });

  it.each([
    ['2026-11-22T10:00:00+01:00', '2025-06-01T00:00:00+01:00'],
    ['2026-11-22T10:00:00.5-03:30', '2025-06-01T00:00:00-03:30'],
    ['2026-11-22T10:00:00Z', '2025-06-01T00:00:00Z'],
  ])('completes a date of birth to midnight in the zone of %s', (sessionStartTime, expected) => {
    const of = (dateOfBirth: string) => {
      const given = withSession({ sessionStartTime, subject: { dateOfBirth } });
      const checked = checkDescription(given);
      expect(checkDescription(checked)).toEqual(checked);
      return checked.nwbfile.subject?.dateOfBirth;
    };
    expect(of('2025-06-01')).toBe(expected);
    expect(of('2025-06-01T12:00:00+02:00')).toBe('2025-06-01T12:00:00+02:00');
  });

  it.each(['2025-02-29', '2025-6-1', '2025-06-01T12:00:00', '01.06.2025'])(
    'refuses the date of birth %s',
    (dateOfBirth) => {
      expect(complaints(withSession({ subject: { dateOfBirth } }))).toEqual([
        `Expected a date such as '2026-11-22', or a date and time with a zone such as '2026-11-22T10:00:00+01:00', for nwbfile.subject.dateOfBirth but received '${dateOfBirth}'`,
      ]);
    },
  );

  it.each([12, 1e5, true])('asks to put %s in quotes where a text is expected', (value) => {
    expect(complaints(withSession({ sessionId: value }))).toEqual([
      `Expected a text for nwbfile.sessionId but received ${value} (put it in quotes)`,
    ]);
  });

  it('turns single texts into lists and a weight in kg into text', () => {
    const { nwbfile } = checkDescription(
      withSession({ experimenter: 'Last, First', subject: { weight: 0.025 } }),
    );
    expect(nwbfile.experimenter).toEqual(['Last, First']);
    expect(nwbfile.subject?.weight).toBe('0.025 kg');
  });

  it('accepts its own result', () => {
    const checked = checkDescription(example());
    expect(checkDescription(checked)).toEqual(checked);
    expect(checkDescription(JSON.parse(JSON.stringify(checked)))).toEqual(checked);
    const bare = checkDescription(
      withSeries({ data: bulk({ compression: false, chunkTarget: '1MiB' }) }),
    );
    expect(checkDescription(bare)).toEqual(bare);
  });

  it('does not change its input', () => {
    const input = example();
    const copy = structuredClone(input);
    checkDescription(input);
    expect(input).toEqual(copy);
  });

  it('shows the first few problems in the message and keeps all', () => {
    const acquisition = Array.from({ length: 9 }, (_, i) => series({ name: `s${i}`, rate: 'x' }));
    expect(complaints(example({ acquisition }))).toHaveLength(6);
    expect(complaints(example({ acquisition })).at(-1)).toBe('… and 4 more');
    const problems = () => checkDescription(example({ acquisition }));
    expect(problems).toThrow(expect.objectContaining({ tag: 'DescriptionError' }));
  });
});

describe('messages', () => {
  it.each<[string, unknown, string | RegExp]>([
    ['no mapping', 'x', "Expected a mapping for the description but received 'x'"],
    [
      'a rate that is no number',
      withSeries({ rate: Number.NaN }),
      'Expected a finite number for acquisition[0].rate but received NaN',
    ],
    [
      'a path that is empty',
      withSeries({ data: bulk({ source: { type: 'npy', path: '' } }) }),
      "Expected a text that is not empty for acquisition[0].data.source.path but received ''",
    ],
    [
      'a chunk target of nothing',
      withSeries({ data: bulk({ chunkTarget: 0 }) }),
      /^Expected a number of bytes greater than 0, .* for acquisition\[0\]\.data\.chunkTarget but received 0$/,
    ],
    [
      'a misspelt option',
      withSeries({ data: bulk({ shuffel: true }) }),
      "Unknown key 'shuffel' in acquisition[0].data: did you mean 'shuffle'?",
    ],
    [
      'a key like no other',
      example({ colour: 'red' }),
      /^Unknown key 'colour' \(known keys: path, nwbfile, devices/,
    ],
    [
      'a text for a number',
      withSeries({ rate: 'fast' }),
      "Expected a number for acquisition[0].rate but received 'fast'",
    ],
    [
      'no rate at all',
      withSeries({ rate: 0 }),
      'Expected a number greater than 0 for acquisition[0].rate but received 0',
    ],
    [
      'an unknown kind of series',
      withSeries({ type: 'ElectricSeries' }),
      "Expected 'TimeSeries' or 'ElectricalSeries' for acquisition[0].type but received 'ElectricSeries'",
    ],
    [
      'a path for data',
      withSeries({ data: 'ap.bin' }),
      "Expected a mapping or a list of numbers (or of lists of equal length) for acquisition[0].data but received 'ap.bin'",
    ],
    [
      'rows of different lengths',
      withSeries({ data: [[1, 2], [3]] }),
      'Expected a list of numbers (or of lists of equal length) for acquisition[0].data but received a list of 2',
    ],
    [
      'values that do not fit their type',
      withSeries({ data: { values: [1, 300], dtype: 'int8' } }),
      'Expected numbers that int8 can hold for acquisition[0].data.values but received 300',
    ],
    [
      'values that would become infinite',
      withSeries({ data: { values: [1, 1e39], dtype: 'float32' } }),
      'Expected numbers that float32 can hold for acquisition[0].data.values but received 1e+39',
    ],
    [
      'a list with a hole',
      // biome-ignore lint/suspicious/noSparseArray: the test needs a hole.
      withSeries({ data: [1, , 3] }),
      'Expected a list of numbers (or of lists of equal length) for acquisition[0].data but received a list of 3',
    ],
    [
      'true and false as numbers',
      withSeries({ data: [1, true] }),
      'Expected a list of numbers (or of lists of equal length) for acquisition[0].data but received a list of 2',
    ],
    [
      'a conversion to nothing',
      withSeries({ conversion: 0 }),
      'Expected a number other than 0 for acquisition[0].conversion but received 0',
    ],
    [
      'a bigint',
      withSeries({ rate: 5n }),
      'Expected a number for acquisition[0].rate but received 5n',
    ],
    [
      'a year that Python has not',
      withSession({ sessionStartTime: '0000-01-01T00:00:00Z' }),
      /^Expected an ISO 8601 date and time .* but received '0000-01-01T00:00:00Z'$/,
    ],
    [
      'a day that no month has',
      withSession({ sessionStartTime: '2026-02-29T00:00:00Z' }),
      /^Expected an ISO 8601 date and time .* but received '2026-02-29T00:00:00Z'$/,
    ],
    [
      'an unknown compression',
      withSeries({ data: bulk({ compression: 'lzf' }) }),
      "Expected 'gzip', false or null for acquisition[0].data.compression but received 'lzf'",
    ],
    [
      'a fraction of a chunk',
      withSeries({ data: bulk({ chunks: [1.5, 4] }) }),
      'Expected a whole number or null for acquisition[0].data.chunks[0] but received 1.5',
    ],
    [
      'a missing field of a source',
      withSeries({ data: { source: { type: 'npy' } } }),
      'Expected a text for acquisition[0].data.source.path but received nothing',
    ],
    [
      'an unknown kind of source',
      withSeries({ data: { source: { type: 'rwa', path: 'x' } } }),
      /^Expected 'raw', .* for acquisition\[0\]\.data\.source\.type but received 'rwa'$/,
    ],
    [
      'two kinds of time',
      withSeries({ timestamps: [1] }),
      'Expected either rate or timestamps for acquisition[0] but received both',
    ],
    [
      'no kind of time',
      withSeries({ rate: undefined }),
      'Expected either rate or timestamps for acquisition[0] but received neither',
    ],
    [
      'a name with a slash',
      withSeries({ name: 'a/b' }),
      "Expected a name without slashes for acquisition[0].name but received 'a/b'",
    ],
    [
      'a name with a colon',
      withSeries({ name: 'a:b' }),
      "Expected a name without colons (PyNWB refuses them) for acquisition[0].name but received 'a:b'",
    ],
    [
      'an empty name',
      withSeries({ name: '' }),
      "Expected a text that is not empty for acquisition[0].name but received ''",
    ],
    [
      'a name used twice',
      example({ acquisition: [series(), series()] }),
      "Expected a name that no other of acquisition has for acquisition[1].name but received 'ElectricalSeriesAP'",
    ],
    [
      "a name of the schema's",
      example({ devices: [{ name: 'models' }, { name: 'probe' }] }),
      "Expected a name that the schema does not use itself for devices[0].name but received 'models'",
    ],
    [
      'an unknown device',
      example({ devices: [{ name: 'daq' }] }),
      "Expected a device (known: 'daq') for electrodeGroups[0].device but received 'probe'",
    ],
    [
      'an unknown group',
      example({ electrodes: { count: 4, group: 'shank9' } }),
      "Expected an electrode group (known: 'shank0') for electrodes.group but received 'shank9'",
    ],
    [
      'an ElectricalSeries without electrodes',
      example({ electrodes: undefined }),
      /^Expected the electrodes of acquisition\[0\].* but received nothing$/,
    ],
    [
      'a time without zone',
      withSession({ sessionStartTime: '2026-11-22T10:00:00' }),
      /^Expected an ISO 8601 date and time with a zone.* but received '2026-11-22T10:00:00'$/,
    ],
    [
      'a day that no month has',
      withSession({ sessionStartTime: '2026-02-30T10:00:00Z' }),
      /^Expected an ISO 8601 date/,
    ],
    [
      'a Date',
      withSession({ sessionStartTime: new Date() }),
      /^Expected an ISO 8601 .* for nwbfile.sessionStartTime but received a Date \(/,
    ],
    [
      'a script without name',
      withSession({ sourceScript: 'x' }),
      /for nwbfile.sourceScriptFileName but received nothing$/,
    ],
    [
      'a sex in full',
      withSession({ subject: { sex: 'male' } }),
      /^Expected 'M', 'F', .* for nwbfile.subject.sex but received 'male'$/,
    ],
    [
      'the sex of a worm',
      withSession({ subject: { sex: 'XO', species: 'Mus musculus' } }),
      /^Expected M \(male\), F .* but received 'XO'$/,
    ],
    [
      'an age in words',
      withSession({ subject: { age: '90 days' } }),
      /^Expected an ISO 8601 duration such as 'P90D'.* but received '90 days'$/,
    ],
  ])('%s', (_, input, message) => {
    const lines = complaints(input);
    expect(lines).toHaveLength(1);
    if (typeof message === 'string') expect(lines[0]).toBe(message);
    else expect(lines[0]).toMatch(message);
  });

  it.each(['P90D', 'P1Y2M3W4DT5H6M7.5S', 'P80D/P90D', 'P90D/', '/P90D'])(
    'the age %s is valid',
    (age) => {
      expect(complaints(withSession({ subject: { age } }))).toEqual([]);
    },
  );

  it.each([
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00.123456-08:00',
    '2024-02-29T23:59:59+14:00',
  ])('the time %s is valid', (sessionStartTime) => {
    expect(complaints(withSession({ sessionStartTime }))).toEqual([]);
  });
});
