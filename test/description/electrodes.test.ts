import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDescription, loadElectrodes } from '../../src/description/index.js';
import { example } from './example.js';

const electrodesOf = (electrodes: unknown) => checkDescription(example({ electrodes })).electrodes;

describe('electrodes of a description', () => {
  it('the columns of a number of electrodes are spread over their rows', () => {
    const columns = { x: [1, 2], label: 'a' };
    expect(electrodesOf({ count: 2, columns })).toEqual([
      { group: 'shank0', location: 'CA1', x: 1, label: 'a' },
      { group: 'shank0', location: 'CA1', x: 2, label: 'a' },
    ]);
  });

  it('a row without group takes the only group and its location', () => {
    expect(electrodesOf([{}, { location: 'CA3', id: 7 }])).toEqual([
      { group: 'shank0', location: 'CA1' },
      { group: 'shank0', location: 'CA3', id: 7 },
    ]);
  });

  it('a row without group is refused if there are several groups', () => {
    const group = { device: 'probe', location: 'CA1', description: 'a shank' };
    const electrodeGroups = [
      { ...group, name: 'a' },
      { ...group, name: 'b' },
    ];
    const check = () => checkDescription(example({ electrodeGroups, electrodes: { count: 9 } }));
    expect(check).toThrow(
      "Expected an electrode group (known: 'a', 'b') for electrodes.group but received nothing",
    );
  });

  it.each<[unknown, string]>([
    [[{ relX: 1 }], "Unknown column 'relX' in electrodes: did you mean 'rel_x'?"],
    [[{ group_name: 'a' }], "Unknown column 'group_name' in electrodes: it is made from 'group'"],
    [[{ x: 'a' }], "Expected a number for electrodes[0].x but received 'a'"],
    [[{ reference: 3 }], 'Expected a text for electrodes[0].reference but received 3'],
    [
      [{ id: 2 ** 31 }],
      'Expected an id that int32 can hold for electrodes[0].id but received 2147483648',
    ],
    [[{}, { id: 0 }], 'Expected an id used once for electrodes[1].id but received 0'],
    [
      { count: 2, columns: { x: [1] } },
      'Expected 2 cells, one for each electrode, for electrodes.columns.x but received a list of 1',
    ],
    [
      [{ more: 'a\0b' }],
      "Expected a text without NUL characters for electrodes[0].more but received 'a\\u0000b'",
    ],
    [
      [{ more: '\ud800' }],
      "Expected a text without halves of characters for electrodes[0].more but received '\\ud800'",
    ],
    [
      [{ more: 1 }, {}, { more: 'a' }],
      "Expected a number, as the first cell of that column is, for electrodes[2].more but received 'a'",
    ],
    [
      [{}, { more: 'a' }, { more: true }],
      'Expected a text, as the first cell of that column is, for electrodes[2].more but received true',
    ],
    [
      [{ more: true }, { more: null }],
      'Expected true or false in every row (a missing one can not be stored) for electrodes[1].more but received null',
    ],
    [
      { count: 2, columns: { location: ['CA1', 'CA3'] } },
      "Unknown column 'location' in electrodes.columns: give it beside count, or give rows",
    ],
    [384, 'Expected a mapping or a list for electrodes but received 384'],
  ])('refuses %j', (electrodes, message) => {
    expect(() => electrodesOf(electrodes)).toThrow(message);
  });
});

describe('names of columns', () => {
  it.each<[string, string]>([
    ['', 'a text that is not empty'],
    ['a/b', 'a name without slashes'],
    ['a:b', 'a name without colons (PyNWB refuses them)'],
    ['.', "a name other than '.' and '..'"],
    ['a\0b', 'a text without NUL characters'],
    ['\ud800', 'a text without halves of characters'],
    // PyNWB can't open files that have columns of these names.
    ...[
      'colnames',
      'description',
      'meanings_tables',
      'namespace',
      'neurodata_type',
      'object_id',
    ].map((name): [string, string] => [name, 'a name that the table does not use itself']),
  ])('a column can not be called %j', (name, expected) => {
    expect(() => electrodesOf([{ [name]: 1 }])).toThrow(
      `Expected ${expected} for a column of electrodes but received `,
    );
  });

  it('columns may have names that only Python uses', () => {
    expect(electrodesOf([{ name: 1, columns: 2, parent: 3 }])).toHaveLength(1);
  });
});

describe('electrodeColumns', () => {
  const check = (parts: Record<string, unknown>) => checkDescription(example(parts));

  it('accepts descriptions of further columns', () => {
    const electrodes = { count: 2, columns: { label: 'a' } };
    const electrodeColumns = { label: 'on the box' };
    expect(check({ electrodes, electrodeColumns })).toMatchObject({ electrodeColumns });
  });

  it.each([
    ['labl', "Unknown column 'labl' in electrodeColumns: did you mean 'label'?"],
    ['group', "Unknown column 'group' in electrodeColumns (further columns: 'label')"],
  ])('refuses %s', (name, message) => {
    const electrodes = [{ label: 'a' }];
    expect(() => check({ electrodes, electrodeColumns: { [name]: 'x' } })).toThrow(message);
  });
});

describe('loadElectrodes', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-electrodes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const load = async (text: string, fields: object = {}, name = 'electrodes.csv') => {
    const csv = join(folder, name);
    await writeFile(csv, text);
    return (await loadElectrodes(checkDescription(example({ electrodes: { csv, ...fields } }))))
      .electrodes;
  };

  it('gives cells the type of their column', async () => {
    const text = [
      '\uFEFFid,group,location,x,imp,bad,label,code',
      '3,shank0,"CA1, dorsal",1.5,,true,a,007',
      '4,shank0,CA1,-2e1,nan,False,,008',
    ].join('\r\n');
    expect(await load(text)).toEqual([
      {
        id: 3,
        group: 'shank0',
        location: 'CA1, dorsal',
        x: 1.5,
        imp: null,
        bad: true,
        label: 'a',
        code: '007',
      },
      {
        id: 4,
        group: 'shank0',
        location: 'CA1',
        x: -20,
        imp: Number.NaN,
        bad: false,
        label: null,
        code: '008',
      },
    ]);
  });

  it('takes missing groups and locations from beside the path', async () => {
    const rows = await load('x\n1\n2\n', { group: 'shank0', location: 'CA3' });
    expect(rows).toMatchObject([
      { group: 'shank0', location: 'CA3', x: 1 },
      { group: 'shank0', location: 'CA3', x: 2 },
    ]);
  });

  it('reads tabs in a .tsv', async () => {
    expect(await load('x\tname\n1\ta,b\n', {}, 'e.tsv')).toMatchObject([{ x: 1, name: 'a,b' }]);
  });

  it.each([
    ['an integer that float64 can not hold', '9007199254740993'],
    ['a number too large for float64', '1e400'],
    ['a number too small for float64', '1e-400'],
    ['leading zeros', '-007'],
    ['separators', '1_000'],
  ])('keeps a column with %s as text', async (_, cell) => {
    expect(await load(`serial,y\n1,2\n${cell},3\n`)).toMatchObject([
      { serial: '1', y: 2 },
      { serial: cell, y: 3 },
    ]);
  });

  it('keeps integers that float64 can hold, however long, as numbers', async () => {
    expect(await load('n,y\n9007199254740994,-0\n+1,0e5\n')).toMatchObject([
      { n: 9007199254740994, y: -0 },
      { n: 1, y: 0 },
    ]);
  });

  it('keeps true and false as text if a cell is missing', async () => {
    expect(await load('bad,y\nTrue,1\n,2\n')).toMatchObject([{ bad: 'True' }, { bad: null }]);
  });

  it('reads an empty line in a file of one column as a missing cell', async () => {
    expect(await load('x\n1\n\n3\n\n')).toMatchObject([{ x: 1 }, { x: null }, { x: 3 }]);
    expect(await load('x,y\n1,1\n\n3,3\n\n')).toMatchObject([{ x: 1 }, { x: 3 }]);
  });

  it('ignores lines of empty cells at the end', async () => {
    const rows = await load('x,label\n1,a\n,\n3,\n,\n,\n');
    expect(rows).toMatchObject([{ x: 1 }, { x: null, label: null }, { x: 3 }]);
  });

  it('refuses bytes that are not UTF-8, but reads UTF-16 with a byte order mark', async () => {
    const csv = join(folder, 'e.csv');
    const loaded = () => loadElectrodes(checkDescription(example({ electrodes: { csv } })));
    await writeFile(csv, Buffer.from('label\n\u00b5\n', 'latin1'));
    await expect(loaded()).rejects.toThrow('received: bytes that are not UTF-8');
    await writeFile(csv, Buffer.from('\uFEFFlabel\n\u00b5\n', 'utf16le'));
    expect((await loaded()).electrodes).toMatchObject([{ label: '\u00b5' }]);
  });

  it('refuses descriptions of columns that the file does not have', async () => {
    const csv = join(folder, 'e.csv');
    await writeFile(csv, 'label\na\n');
    const loaded = (electrodeColumns: object) =>
      loadElectrodes(checkDescription(example({ electrodes: { csv }, electrodeColumns })));
    await expect(loaded({ labl: 'a' })).rejects.toThrow(
      "Unknown column 'labl' in electrodeColumns: did you mean 'label'?",
    );
    expect((await loaded({ label: 'a' })).electrodeColumns).toEqual({ label: 'a' });
  });

  it('returns rows that can be checked again', async () => {
    const csv = join(folder, 'e.csv');
    await writeFile(csv, 'x\n1\n');
    const loaded = await loadElectrodes(checkDescription(example({ electrodes: { csv } })));
    expect(checkDescription(loaded)).toEqual(loaded);
  });

  it('returns a description that has rows unchanged', async () => {
    const description = checkDescription(example());
    expect(await loadElectrodes(description)).toBe(description);
  });

  it.each([
    ['a group that is not there', 'group\nshank9\n', /row 1\.group but received 'shank9'$/],
    ['lines of different lengths', 'x,y\n1\n', /^Expected a CSV file of electrodes at .*line 2/],
    ['no rows', 'x,y\n', /^Expected rows in .* but received nothing$/],
    ['a broken id', 'id\na\n', /row 1\.id but received 'a'$/],
    ['a standard column of text', 'x\nleft\n', /row 1\.x but received 'left'$/],
    ['an empty name', 'x,\n1,2\n', /^Expected a text that is not empty for a column of .*'$/],
    [
      'a name that would be lost',
      '__proto__,x\n1,2\n',
      /received: a column of the name '__proto__'$/,
    ],
    ['a NUL', 'a\nx\0y\n', /^Expected a text without NUL characters for .* row 1\.a but/],
    ['a coordinate beyond float64', 'x\n1e999\n', /^Expected a number for .* row 1\.x but/],
    ['semicolons', 'id;x\n0;1,5\n', /received: semicolons between the columns instead of commas/],
    ['tabs in a .csv', 'id\tx\n0\t1\n', /received: tabs between the columns instead of commas/],
    ['two columns of one name', 'x,x\n1,2\n', /received: two columns of the name 'x'$/],
    ['the one cell that is no number', 'x\n1\nn/a\n2\n', /^Expected .* row 2\.x .*'n\/a'$/],
  ])('refuses %s', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it('names a file that does not exist', async () => {
    const csv = join(folder, 'none.csv');
    const description = checkDescription(example({ electrodes: { csv } }));
    await expect(loadElectrodes(description)).rejects.toThrow(`electrodes at ${csv} but received`);
  });
});
