import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/file.js';
import {
  ChunkCodec,
  type ChunkLayout,
  ChunkWriter,
  ClosedError,
  checksum,
  encoderBytes,
  WriteError,
} from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { noise } from '../support/recordings.js';
import { chunkStarts, dense, expectedChunk, tiled, volume } from './chunk-model.js';

const LOCAL = fileURLToPath(new URL('../../build/h5lib.node', import.meta.url));
/** The same addon that this process has loaded. */
const ADDON = process.env.HYPERSLAB_ADDON ?? LOCAL;

async function withFile<T>(body: (file: File, path: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'chunk-writer-'));
  const path = join(folder, 'test.h5');
  const file = new File(path, 'w');
  try {
    return await body(file, path);
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
}

const layout: ChunkLayout = {
  itemSize: 2,
  chunk: [4, 2],
  extent: [10, 5],
  fillvalue: Uint8Array.of(7, 0),
  filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }, { kind: 'fletcher32' }],
};
const values = Uint16Array.from({ length: 50 }, (_, i) => i * 3);
const model = { layout, data: new Uint8Array(values.buffer) };
const whole = { start: [0, 0], count: [10, 5] };

describe('ChunkWriter', () => {
  test('it writes the chunks of a job, which can then be placed', async () => {
    await withFile((file) => {
      const dataset = file.createDataset('data', {
        ...{ dtype: 'uint16', shape: layout.extent, chunks: layout.chunk },
        ...{ filters: layout.filters, fillvalue: Uint16Array.of(7) },
      });
      using writer = new ChunkWriter(file.token, layout);
      const written = writer.write([dense(model)], whole);
      expect(written.placements.length).toBe(3 * 9);
      const { gather, filter, checksum, write } = written.stages;
      const stored = written.placements.filter((_, at) => at % 3 === 1).reduce((a, b) => a + b, 0);
      expect(gather).toMatchObject({ bytesIn: 2 * 50, bytesOut: 2 * 9 * 8 });
      expect(filter).toMatchObject({ bytesIn: 2 * 9 * 8, bytesOut: stored });
      expect(checksum).toMatchObject({ bytesIn: stored, bytesOut: 8 * 9 });
      expect(write).toMatchObject({ bytesIn: stored, bytesOut: stored });
      for (const { seconds } of [gather, filter, checksum, write])
        expect(seconds).toBeGreaterThanOrEqual(0);
      dataset.place(whole.start, whole.count, written.placements);
      expect(dataset.read().data).toEqual(values);
    });
  });

  test('it writes the same bytes as a codec at each placement and returns their checksum', async () => {
    await withFile((file, path) => {
      fc.assert(
        fc.property(tiled, ({ layout, data, pieces }) => {
          using writer = new ChunkWriter(file.token, layout);
          const origin = { start: layout.extent.map(() => 0), count: layout.extent };
          const { placements, checksums } = writer.write(pieces, origin);
          expect(writer.bytesHeld).toBeLessThanOrEqual(encoderBytes(layout));
          const bytes = readFileSync(path);
          const codec = new ChunkCodec(layout);
          let at = 0;
          for (const start of chunkStarts(layout)) {
            const [address = 0, size = 0, mask = 0] = placements.subarray(at, at + 3);
            const stored = bytes.subarray(address, address + size);
            expect(codec.decode(stored, mask)).toEqual(expectedChunk({ layout, data }, start));
            expect(checksums[at / 3]).toBe(checksum(stored));
            at += 3;
          }
          expect([at, at / 3]).toEqual([placements.length, checksums.length]);
        }),
        { numRuns: numRuns(50) },
      );
    });
  });

  test('it writes chunks one after another and combines small ones', async () => {
    await withFile((file, path) => {
      const length = 2 ** 17;
      // Chunks that shrink to almost nothing, to a third, and not at all; the last are written one by one.
      const bits = Array.from({ length: 60 }, (_, at) => [0, 3, 3, 3, 3, 8][at % 6]);
      const random = noise([length * bits.length], 'uint8').items as Uint8Array;
      const data = random.map((value, at) => value >> (8 - bits[Math.floor(at / length)]));
      const many: ChunkLayout = {
        ...{ itemSize: 1, chunk: [length], extent: [data.length], fillvalue: new Uint8Array(1) },
        filters: [{ kind: 'deflate', level: 1 }],
      };
      using writer = new ChunkWriter(file.token, many);
      const slab = { start: [0], count: [data.length] };
      const { placements, checksums, stages } = writer.write([dense({ layout: many, data })], slab);
      expect(placements.length).toBe(3 * bits.length);
      expect(stages.write.bytesOut).toBe(stages.filter.bytesOut);
      const all = readFileSync(path);
      const codec = new ChunkCodec(many);
      let end = placements[0];
      for (const at of bits.keys()) {
        const [address, size, mask] = placements.subarray(3 * at, 3 * at + 3);
        expect(address).toBe(end);
        end += size;
        const stored = all.subarray(address, address + size);
        expect(checksum(stored)).toBe(checksums[at]);
        const chunk = codec.decode(stored, mask);
        expect(Buffer.compare(chunk, data.subarray(at * length, (at + 1) * length))).toBe(0);
      }
      expect(writer.bytesHeld).toBeLessThanOrEqual(encoderBytes(many));
    });
  });

  test('it writes chunks that lie whole in memory', async () => {
    await withFile((file, path) => {
      const one = { ...layout, extent: layout.chunk };
      using writer = new ChunkWriter(file.token, one);
      const chunks = [...chunkStarts(layout)].map((start) => expectedChunk(model, start));
      const { placements, checksums, stages } = writer.writeDense(chunks);
      const bytes = readFileSync(path);
      const codec = new ChunkCodec(one);
      for (const [at, chunk] of chunks.entries()) {
        const [address, size, mask] = placements.subarray(3 * at, 3 * at + 3);
        const stored = bytes.subarray(address, address + size);
        expect(codec.decode(stored, mask)).toEqual(chunk);
        expect(checksum(stored)).toBe(checksums[at]);
      }
      expect(stages.gather).toMatchObject({ bytesIn: 2 * 9 * 8, bytesOut: 2 * 9 * 8 });
      expect(writer.writeDense([]).placements.length).toBe(0);
      for (const wrong of [[new Uint8Array(15)], [chunks[0], new Uint8Array(17)]])
        expect(() => writer.writeDense(wrong)).toThrow(
          /^Expected the 16 bytes of a chunk for chunks\[\d\] but received 1[57]$/,
        );
      expect(() => writer.writeDense([new Uint16Array(8) as never])).toThrow(TypeError);
      expect(() => writer.writeDense(chunks[0] as never)).toThrow(TypeError);
      writer.close();
      expect(() => writer.writeDense(chunks)).toThrow(ClosedError);
    });
  });

  test('it writes a part of the dataset in C order of its chunks', async () => {
    await withFile((file, path) => {
      using writer = new ChunkWriter(file.token, layout);
      const slab = { start: [4, 2], count: [6, 3] };
      const { placements } = writer.write([dense(model)], slab);
      const codec = new ChunkCodec(layout);
      const bytes = readFileSync(path);
      const found = [...chunkStarts(layout, slab)].map((start, k) => {
        const [address = 0, size = 0, mask = 0] = placements.subarray(3 * k, 3 * k + 3);
        const chunk = bytes.subarray(address, address + size);
        return codec.difference([dense(model)], start, chunk, mask);
      });
      expect(found).toEqual([-1, -1, -1, -1]);
    });
  });

  test.each([
    ['one that starts between chunks', { start: [2, 0], count: [4, 5] }],
    ['one that ends between chunks', { start: [0, 0], count: [6, 5] }],
    ['one that leaves the extent', { start: [8, 0], count: [4, 5] }],
    ['empty', { start: [0, 0], count: [0, 5] }],
    ['of another rank', { start: [0], count: [10] }],
  ])('it refuses a slab: %s', async (_, slab) => {
    await withFile((file) => {
      using writer = new ChunkWriter(file.token, layout);
      expect(() => writer.write([dense(model)], slab)).toThrow(RangeError);
    });
  });

  test('it stops before the next chunk when told to', async () => {
    await withFile((file) => {
      using writer = new ChunkWriter(file.token, layout);
      const stop = new Int32Array(new SharedArrayBuffer(4));
      expect(writer.write([dense(model)], whole, stop).placements.length).toBe(27);
      stop[0] = 1;
      const none = writer.write([dense(model)], whole, stop);
      expect([none.placements.length, none.checksums.length]).toEqual([0, 0]);
      const wrong = new Int32Array(0);
      expect(() => writer.write([dense(model)], whole, wrong)).toThrow(RangeError);
    });
  });

  test('it throws once the writer or the file is closed', async () => {
    await withFile((file) => {
      const token = file.token;
      const writer = new ChunkWriter(token, layout);
      const other = new ChunkWriter(token, layout);
      writer.write([dense(model)], whole);
      expect(writer.bytesHeld).toBeGreaterThan(0);
      writer.close();
      writer.close();
      expect(writer.bytesHeld).toBe(0);
      expect(() => writer.write([dense(model)], whole)).toThrow(ClosedError);
      file.close();
      expect(() => other.write([dense(model)], whole)).toThrow('the file is closed');
      expect(() => other.write([dense(model)], whole)).toThrow(ClosedError);
      other.close();
      expect(() => new ChunkWriter(token, layout)).toThrow(ClosedError);
      expect(() => new ChunkWriter(2n ** 70n, layout)).toThrow(ClosedError);
      expect(() => new ChunkWriter(0n, layout)).toThrow(ClosedError);
      expect(() => new ChunkWriter(1 as unknown as bigint, layout)).toThrow(TypeError);
    });
  });

  test('it survives a close() while its arguments are read', async () => {
    await withFile((file) => {
      const writer = new ChunkWriter(file.token, layout);
      const slab = {
        start: [0, 0],
        get count() {
          writer.close();
          return [10, 5];
        },
      };
      expect(() => writer.write([dense(model)], slab)).toThrow(ClosedError);
    });
  });

  test('its methods refuse objects of another class', async () => {
    const script = `
      const { ChunkCodec, ChunkWriter } = require(process.argv[1]);
      const codec = new ChunkCodec({ itemSize: 1, chunk: [1], extent: [1], filters: [],
        fillvalue: new Uint8Array(1) });
      const fails = (body) => { try { body(); return false; } catch { return true; } };
      const all = ['write', 'heldBytes', 'close'].every((name) =>
        [codec, {}, undefined, Object.create(ChunkWriter.prototype)].every((self) =>
          fails(() => ChunkWriter.prototype[name].call(self))));
      console.log(all && fails(() => ChunkCodec({})));`;
    const output = execFileSync(process.execPath, ['-e', script, ADDON], { encoding: 'utf8' });
    expect(output.trim()).toBe('true');
  });

  test('threads write at the same time without overwriting each other', async () => {
    const rows = 4096;
    const wide = { ...layout, chunk: [64, 4], extent: [rows, 8] };
    const data = new Uint8Array(
      Uint16Array.from({ length: volume(wide.extent) }, (_, i) => (i * 2654435761) >>> 19).buffer,
    );
    const script = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { ChunkWriter } = require(workerData.addon);
      const writer = new ChunkWriter(workerData.token, workerData.layout);
      parentPort.postMessage(writer.write([workerData.piece], workerData.slab).placements);
      writer.close();`;
    await withFile(async (file, path) => {
      const jobs = [0, 1, 2, 3].map((k) => ({
        start: [(k * rows) / 4, 0],
        count: [rows / 4, 8],
      }));
      const run = (slab: (typeof jobs)[number]) =>
        new Promise<Float64Array>((resolve, reject) => {
          const piece = dense({ layout: wide, data });
          const workerData = { addon: ADDON, token: file.token, layout: wide, piece, slab };
          const worker = new Worker(script, { eval: true, workerData });
          worker.once('message', resolve).once('error', reject);
        });
      const placements = await Promise.all(jobs.map(run));
      const bytes = readFileSync(path);
      const codec = new ChunkCodec(wide);
      const pieces = [dense({ layout: wide, data })];
      for (const [j, slab] of jobs.entries()) {
        const list = placements[j] ?? new Float64Array();
        for (const [k, start] of [...chunkStarts(wide, slab)].entries()) {
          const [address = 0, size = 0, mask = 0] = list.subarray(3 * k, 3 * k + 3);
          const chunk = bytes.subarray(address, address + size);
          expect(codec.difference(pieces, start, chunk, mask)).toBe(-1);
        }
      }
    });
  });

  test('the error of a refused write has the system’s code', () => {
    const error = new WriteError({ problem: 'pwrite of 8 bytes', errno: -28, syscall: 'pwrite' });
    expect(error).toMatchObject({
      tag: 'WriteError',
      fields: { code: 'ENOSPC', errno: -28, syscall: 'pwrite' },
      message: 'ENOSPC: pwrite of 8 bytes',
    });
  });

  test.skipIf(process.platform === 'win32')('a write beyond the size limit is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chunk-writer-'));
    /* The process ends by force: libhdf5 could not close the file under the same limit. */
    const script = `
      const { createFile, spaceToken, ChunkWriter } = require(process.argv[1]);
      const file = createFile(process.argv[2], false, 'earliest', false);
      const writer = new ChunkWriter(spaceToken(file), { itemSize: 1, chunk: [65536],
        extent: [65536], filters: [], fillvalue: new Uint8Array(1) });
      const piece = { start: [0], count: [65536], bytes: new Uint8Array(65536), offset: 0,
        steps: [1], swap: false };
      try {
        for (let k = 0; k < 100; k++) writer.write([piece], piece);
      } catch ({ errno, syscall }) {
        require('node:fs').writeSync(1, errno + ' ' + syscall);
      }
      process.kill(process.pid, 'SIGKILL');`;
    const limited = 'ulimit -f 1000 && exec "$0" -e "$1" "$2" "$3"';
    try {
      const { stdout } = spawnSync(
        'sh',
        ['-c', limited, process.execPath, script, ADDON, join(folder, 'small.h5')],
        { encoding: 'utf8' },
      );
      /* EFBIG, on Linux, macOS and the BSDs alike. */
      expect(stdout).toBe('-27 pwrite');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
