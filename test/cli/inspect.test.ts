import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { treeLines } from '../../src/cli/inspect-command.js';
import { hyperslab, withFolder, withSession } from './run.js';

test('inspect draws the tree, or prints it as JSON', async () => {
  await withSession(async (folder) => {
    await hyperslab(['convert', 'session.yaml', '--quiet'], folder);
    const { code, stdout, stderr } = await hyperslab(['inspect', 'session.nwb'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^session.nwb \(\S+ KiB\)\n\/ <NWBFile>\n├── acquisition\n/);
    expect(stdout).toContain('│   ├── ElectricalSeriesAP <ElectricalSeries>\n');
    expect(stdout).toMatch(
      /data: int16 5000 x 4, chunks 1000 x 4, filters shuffle \+ gzip 4, 39.1 KiB -> /,
    );
    expect(stdout).toContain('device -> /general/devices/probe\n');
    const json = await hyperslab(['inspect', 'session.nwb', '--json'], folder);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'group', neurodataType: 'NWBFile' });
  });
});

test('inspect refuses what is no HDF5 file', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, 'text.nwb'), 'nothing of the kind');
    const text = await hyperslab(['inspect', 'text.nwb'], folder);
    expect(text.code).toBe(1);
    expect(text.stderr).toMatch(/^error: H5Fopen failed for .*text.nwb: .*\n$/);
    const missing = await hyperslab(['inspect', 'none.nwb'], folder);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toBe('error: none.nwb cannot be read: no such file\n');
    expect((await hyperslab(['inspect', '.'], folder)).stderr).toContain('received a folder');
  });
});

test('the tree shows filters of others, links to other files, and unlimited axes', () => {
  const dataset = {
    kind: 'dataset',
    path: '/g/x',
    dtype: 'float32',
    shape: [10, 2],
    maxshape: [null, 2],
    layout: 'chunked',
    chunks: [5, 2],
    filters: [
      { id: 32015, name: 'Zstandard', parameters: [] },
      { id: 400, name: '', parameters: [] },
    ],
    rawBytes: 80,
    storedBytes: 20,
  } as const;
  const lines = treeLines({
    kind: 'group',
    path: '/',
    children: [
      { kind: 'group', path: '/g', children: [dataset] },
      { kind: 'link', path: '/away' },
      { kind: 'link', path: '/far', target: '/x', file: 'other.h5' },
      { kind: 'unreadable', path: '/lost', problem: 'bad object header' },
    ],
  });
  expect(lines).toEqual([
    '/',
    '├── g',
    '│   └── x: float32 10 x 2, maxshape unlimited x 2, chunks 5 x 2, filters Zstandard + filter 400, 80 B -> 20 B (25.0 %)',
    '├── away -> (another file)',
    '├── far -> /x of other.h5 (another file)',
    "└── lost: can't be read: bad object header",
  ]);
});
