import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { describeInterop, runPython } from '../support/python.js';
import { compiledExamples, type Ran } from './run.js';

const SCRIPT = fileURLToPath(new URL('sparse_peer.py', import.meta.url));
const BLOCKS = 1000;
const SHAPE = [1_000_000, 1_000_000];

const VARIANTS = [
  { file: 'sparse', chunks: [10, 10], compression: null, fill: '0.0', megabytes: 0.88 },
  { file: 'sparse-gzip', chunks: [10, 10], compression: 'gzip', fill: '0.0', megabytes: 0.89 },
  {
    ...{ file: 'sparse-large-chunks', chunks: [100, 100], compression: null },
    ...{ fill: 'nan', megabytes: 80.08 },
  },
  {
    ...{ file: 'sparse-large-chunks-gzip', chunks: [100, 100], compression: 'gzip' },
    ...{ fill: 'nan', megabytes: 1.15 },
  },
] as const;

describeInterop('sparse-matrix', () => {
  const examples = compiledExamples();
  const { folder } = examples;
  let ran: Ran;
  let found: Record<string, { bytes: number; peerBytes: number }>;

  beforeAll(async () => {
    ran = await examples.run('sparse-matrix', String(BLOCKS), folder);
    found = (await runPython(SCRIPT, [folder, String(BLOCKS)])) as typeof found;
  });

  test('prints the sizes of the files', () => {
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('expected size: 8000000.00000 MB\n');
    expect(ran.stdout).toContain('occupied size: 0.80000 MB\n');
    const sizes = [...ran.stdout.matchAll(/file size: +(\S+) MB/g)].map(([, size]) => size);
    const bytes = VARIANTS.map(({ file }) => statSync(join(folder, `${file}.nwb`)).size);
    expect(sizes).toEqual(bytes.map((size) => (size / 1e6).toFixed(5)));
  });

  test.each(VARIANTS)('$file holds the blocks, and no other chunks', (variant) => {
    const { file, chunks, compression, fill } = variant;
    expect(found[file]).toMatchObject({
      shape: SHAPE,
      maxshape: SHAPE,
      chunks,
      compression,
      fillvalue: fill,
      unwritten: fill,
      storedChunks: BLOCKS,
      difference: null,
      validation: [],
    });
  });

  test.each(VARIANTS)('$file is as small as PyNWB makes it', ({ file, megabytes }) => {
    const { bytes, peerBytes } = found[file];
    expect(bytes).toBeLessThan(1.05 * peerBytes);
    expect(bytes / 1e6).toBeLessThan(megabytes);
  });
});
