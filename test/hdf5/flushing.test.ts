import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attributes,
  ChunkCodec,
  ChunkWriter,
  type Dataset,
  File,
} from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { describeInterop, runPython } from '../support/python.js';
import { dense } from './chunk-model.js';
import { withFolder } from './temporary.js';

const CHUNK = 32;
const deflate = [{ kind: 'deflate', level: 4 }] as const;
const layout = { itemSize: 2, chunk: [CHUNK], filters: deflate, fillvalue: new Uint8Array(2) };

/** Writes a file with the same content as the file of make_managed.py. */
function makeFile(path: string): void {
  using file = new File(path, 'w');
  const options = { shape: [192], maxshape: [null], chunks: [CHUNK], filters: deflate };
  const data = file.createDataset('data', { dtype: 'uint16', ...options });
  data.write(Uint16Array.from({ length: 192 }, (_, k) => k));
  const flat = file.createDataset('flat', { dtype: 'int32', shape: [3000] });
  flat.write(Int32Array.from({ length: 3000 }, (_, k) => k));
  for (let k = 0; k < 3; k++) {
    const group = file.createGroup(`group${k}`);
    group.attributes.set('text', text('x'.repeat(50 * k)));
    group.attributes.set('numbers', {
      dtype: 'int32',
      shape: [5],
      data: Int32Array.of(0, 1, 2, 3, 4),
    });
  }
}

const text = (value: string) => ({ dtype: 'string', shape: [], data: [value] }) as const;

/** The whole content of a file. */
function contents(file: File) {
  using data = file.dataset('data');
  using flat = file.dataset('flat');
  const objects = file.links().map(({ name }) => {
    using object = file.open(name);
    const { attributes } = object;
    return [name, attributes.names().map((key) => [key, attributes.get(key)])];
  });
  const numbers = [...(flat.read().data as Int32Array)];
  return {
    objects,
    values: [...(data.read().data as Uint16Array)],
    numbers,
    chunks: chunksOf(data),
  };
}

/** The chunks as they are read without libhdf5. */
function chunksOf(data: Dataset) {
  const [rows = 0] = data.shape;
  return Array.from({ length: Math.ceil(rows / CHUNK) }, (_, k) => {
    const chunk = data.readChunk([k * CHUNK]);
    if (!chunk) return null;
    using codec = new ChunkCodec({ ...layout, extent: data.shape });
    return [...codec.decode(chunk.bytes, chunk.filterMask)];
  });
}

function contentsOf(path: string) {
  using file = new File(path, 'r');
  return contents(file);
}

/** Stores a chunk as workers do; whether it moves to another place depends on how well it compresses. */
function putChunk(file: File, index: number, range: number): void {
  using data = file.dataset('data');
  const [rows = 0] = data.shape;
  if (rows === 0) return;
  const start = (index % Math.ceil(rows / CHUNK)) * CHUNK;
  const slab = { start: [start], count: [Math.min(CHUNK, rows - start)] };
  const values = Uint16Array.from(
    { length: data.shape[0] ?? 0 },
    (_, k) => (k * 2654435761) % range,
  );
  const extended = { ...layout, extent: data.shape };
  using writer = new ChunkWriter(file.token, extended);
  const piece = dense({ layout: extended, data: new Uint8Array(values.buffer) });
  const { placements } = writer.write([piece], slab);
  data.place(slab.start, slab.count, placements);
}

const nat = (max: number) => fc.nat({ max });
const step = fc.oneof(
  fc.record({ what: fc.constant('chunk' as const), index: nat(20), range: nat(400) }),
  fc.record({ what: fc.constant('text' as const), index: nat(3), size: nat(3000) }),
  fc.record({ what: fc.constant('numbers' as const), index: nat(3), size: nat(40) }),
  fc.record({ what: fc.constant('delete' as const), index: nat(3) }),
  fc.record({ what: fc.constant('group' as const), index: nat(30) }),
  fc.record({ what: fc.constant('resize' as const), rows: nat(12 * CHUNK) }),
  fc.record({ what: fc.constant('flat' as const), from: nat(2900), range: nat(400) }),
  fc.record({ what: fc.constant('flush' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(file: File, one: Step): void {
  if (one.what === 'flush') file.flush();
  else if (one.what === 'chunk') putChunk(file, one.index, one.range + 1);
  else if (one.what === 'resize') {
    using data = file.dataset('data');
    data.resize([one.rows]);
  } else if (one.what === 'flat') {
    using flat = file.dataset('flat');
    flat.write(new Int32Array(100).fill(one.range), { start: [one.from], count: [100] });
  } else if (one.what === 'group') {
    const name = `group${one.index}`;
    if (!file.has(name)) file.createGroup(name).close();
  } else if (file.has(`group${one.index}`)) {
    using group = file.group(`group${one.index}`);
    change(group.attributes, one);
  }
}

function change(attributes: Attributes, one: Step): void {
  if (one.what === 'text') attributes.set('text', text('y'.repeat(one.size)));
  if (one.what === 'numbers') {
    const data = Int32Array.from({ length: one.size }, (_, k) => k);
    attributes.set('numbers', { dtype: 'int32', shape: [one.size], data });
  }
  if (one.what === 'delete' && attributes.has('text')) attributes.delete('text');
}

/** Takes steps in a copy of a file and checks that the disk always has the last flushed state. */
function checkSteps(made: string, steps: readonly Step[]): void {
  const [path, copy] = [`${made}.steps`, `${made}.copy`];
  copyFileSync(made, path);
  using file = new File(path, 'r+');
  let flushed = contents(file);
  for (const one of steps) {
    take(file, one);
    const now = contents(file);
    if (one.what === 'flush') flushed = now;
    copyFileSync(path, copy);
    expect(contentsOf(copy)).toEqual(flushed);
  }
  const last = contents(file);
  file.close();
  expect(contentsOf(path)).toEqual(last);
}

const runs = { numRuns: numRuns(20) };
const steps = fc.array(step, { maxLength: 25 });

describe('until a file is flushed, the disk has it as the last flush left it', () => {
  test('the file stays as flushed through any changes', () => {
    withFolder((folder) => {
      const made = join(folder, 'made.h5');
      makeFile(made);
      fc.assert(
        fc.property(steps, (list) => checkSteps(made, list)),
        runs,
      );
    });
  });

  test('the file stays as flushed if there are more changes than libhdf5 keeps in memory', () => {
    withFolder((folder) => {
      const path = join(folder, 'many.h5');
      const copy = join(folder, 'copy.h5');
      {
        using file = new File(path, 'w');
        for (let k = 0; k < 4000; k++) file.createGroup(`group${k}`).close();
      }
      const file = new File(path, 'r+');
      for (let k = 0; k < 8000; k++) {
        using group = k < 4000 ? file.group(`group${k}`) : file.createGroup(`group${k}`);
        group.attributes.set('x', text('y'.repeat(400)));
      }
      copyFileSync(path, copy);
      const look = (from: string) => {
        using one = new File(from, 'r');
        const links = one.links();
        for (const { name } of links.slice(0, 4000)) {
          using group = one.group(name);
          group.attributes.names().map((key) => group.attributes.get(key));
        }
        using last = one.group('group3999');
        return [links.length, last.attributes.names()];
      };
      expect(look(copy)).toEqual([4000, []]);
      file.flush();
      file.abandon();
      expect(look(path)).toEqual([8000, ['x']]);
    });
  });
});

describeInterop('files that reuse freed space', () => {
  test('the file stays on the disk as the last flush left it', async () => {
    await withFolder(async (folder) => {
      const made = join(folder, 'made.h5');
      await runPython(fileURLToPath(new URL('make_managed.py', import.meta.url)), [made]);
      fc.assert(
        fc.property(steps, (list) => checkSteps(made, list)),
        runs,
      );
    });
  });

  test('the file stays as flushed if strings take the space of replaced chunks', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'strings.h5');
      const copy = join(folder, 'copy.h5');
      const script = fileURLToPath(new URL('make_replaceable.py', import.meta.url));
      await runPython(script, [path]);
      const read = (from: string) => {
        using file = new File(from, 'r');
        using data = file.dataset('data');
        return data.read().data as Uint16Array;
      };
      const flushed = read(path);
      const file = new File(path, 'r+');
      using data = file.dataset('data');
      const [rows = 0] = data.shape;
      const layout = {
        ...{ itemSize: 2, chunk: data.chunks ?? [], extent: data.shape, filters: deflate },
        fillvalue: new Uint8Array(2),
      };
      using writer = new ChunkWriter(file.token, layout);
      const slab = { start: [0], count: [rows] };
      const zeros = dense({ layout, data: new Uint8Array(2 * rows) });
      data.place(slab.start, slab.count, writer.write([zeros], slab).placements);
      /* More than libhdf5 keeps in memory: it writes heaps before the flush. */
      for (let k = 0; k < 8000; k++) {
        using group = file.createGroup(`group${k}`);
        group.attributes.set('x', text('y'.repeat(400)));
      }
      copyFileSync(path, copy);
      expect(read(copy)).toEqual(flushed);
      file.close();
      expect(read(path)).toEqual(new Uint16Array(rows));
    });
  });
});
