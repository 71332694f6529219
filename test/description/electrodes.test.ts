import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDescription, loadElectrodes } from '../../src/description/index.js';
import { example } from './example.js';

const electrodesOf = (electrodes: unknown) => checkDescription(example({ electrodes })).electrodes;

describe('electrodes of a description', () => {
  it('deals out the columns of a count', () => {
    const columns = { x: [1, 2], label: 'a' };
    expect(electrodesOf({ count: 2, columns })).toEqual([
      { group: 'shank0', location: 'CA1', x: 1, label: 'a' },
      { group: 'shank0', location: 'CA1', x: 2, label: 'a' },
    ]);
  });

  it('takes the only group and its location where a row has none', () => {
    expect(electrodesOf([{}, { location: 'CA3', id: 7 }])).toEqual([
      { group: 'shank0', location: 'CA1' },
      { group: 'shank0', location: 'CA3', id: 7 },
    ]);
  });

  it('does not choose among groups', () => {
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
    [384, 'Expected a mapping or a list for electrodes but received 384'],
  ])('refuses %j', (electrodes, message) => {
    expect(() => electrodesOf(electrodes)).toThrow(message);
  });
});

describe('electrodeColumns', () => {
  const check = (parts: Record<string, unknown>) => checkDescription(example(parts));

  it('describes further columns', () => {
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

  it('takes group and location from beside the path', async () => {
    const rows = await load('x\n1\n2\n', { group: 'shank0', location: 'CA3' });
    expect(rows).toMatchObject([
      { group: 'shank0', location: 'CA3', x: 1 },
      { group: 'shank0', location: 'CA3', x: 2 },
    ]);
  });

  it('reads tabs in a .tsv', async () => {
    expect(await load('x\tname\n1\ta,b\n', {}, 'e.tsv')).toMatchObject([{ x: 1, name: 'a,b' }]);
  });

  it('takes no lines of empty cells at the end', async () => {
    const rows = await load('x,label\n1,a\n,\n3,\n,\n,\n');
    expect(rows).toMatchObject([{ x: 1 }, { x: null, label: null }, { x: 3 }]);
  });

  it('refuses bytes that are not UTF-8, but knows UTF-16 by its mark', async () => {
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

  it('gives rows that can be checked again', async () => {
    const csv = join(folder, 'e.csv');
    await writeFile(csv, 'x\n1\n');
    const loaded = await loadElectrodes(checkDescription(example({ electrodes: { csv } })));
    expect(checkDescription(loaded)).toEqual(loaded);
  });

  it('leaves rows alone', async () => {
    const description = checkDescription(example());
    expect(await loadElectrodes(description)).toBe(description);
  });

  it.each([
    ['a group that is not there', 'group\nshank9\n', /row 1\.group but received 'shank9'$/],
    ['lines of different lengths', 'x,y\n1\n', /^Expected a CSV file of electrodes at .*line 2/],
    ['no rows', 'x,y\n', /^Expected rows in .* but received nothing$/],
    ['a broken id', 'id\na\n', /row 1\.id but received 'a'$/],
    ['a standard column of text', 'x\nleft\n', /row 1\.x but received 'left'$/],
    ['an empty name', 'x,\n1,2\n', /^Expected column names that are not empty/],
    ['semicolons', 'id;x\n0;1,5\n', /received: semicolons between the columns instead of commas/],
    ['tabs in a .csv', 'id\tx\n0\t1\n', /received: tabs between the columns instead of commas/],
    ['two columns of one name', 'x,x\n1,2\n', /received: two columns of the name 'x'$/],
    ['the one cell that is no number', 'x\n1\nn/a\n2\n', /^Expected .* row 2\.x .*'n\/a'$/],
  ])('refuses %s', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it('names a file that is not there', async () => {
    const csv = join(folder, 'none.csv');
    const description = checkDescription(example({ electrodes: { csv } }));
    await expect(loadElectrodes(description)).rejects.toThrow(`electrodes at ${csv} but received`);
  });
});
