import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { asPlacements, ClosedError, File, FileSpace } from '../../src/hdf5/index.js';
import { withFolder } from './temporary.js';

describe('the space of a file', () => {
  test('space can be written from another thread and placed', async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/a.h5`;
      const file = new File(path, 'w');
      const data = file.createDataset('data', { dtype: 'uint8', shape: [4], chunks: [4] });
      const hdf5 = new URL('../../dist/hdf5/index.js', import.meta.url).href;
      const script = `
        const { parentPort, workerData } = require('node:worker_threads');
        import(${JSON.stringify(hdf5)}).then(({ FileSpace }) => {
          const space = new FileSpace(workerData);
          const address = space.reserve(4);
          space.write(Uint8Array.of(1, 2, 3, 4), address);
          space.close();
          parentPort.postMessage(address);
        });`;
      const worker = new Worker(script, { eval: true, workerData: file.token });
      const address = await new Promise<number>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      data.place([0], [4], asPlacements(Float64Array.of(address, 4, 0)));
      expect(data.read().data).toEqual(Uint8Array.of(1, 2, 3, 4));
      file.close();
      expect([...readFileSync(path).subarray(address, address + 4)]).toEqual([1, 2, 3, 4]);
    });
  });

  test('no bytes are reserved twice', async () => {
    await withFolder(async (folder) => {
      using file = new File(`${folder}/a.h5`, 'w');
      using space = new FileSpace(file.token);
      const taken = [space.reserve(10), file.reserve(10), space.reserve(10)];
      file.createGroup('a').close();
      file.flush();
      taken.push(space.reserve(10));
      const sorted = taken.toSorted((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++)
        expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(10);
    });
  });

  test('bytes that were not reserved and invalid addresses are refused', async () => {
    await withFolder(async (folder) => {
      using file = new File(`${folder}/a.h5`, 'w');
      using space = new FileSpace(file.token);
      const end = space.reserve(8) + 8;
      expect(() => space.write(new Uint8Array(9), end - 8)).toThrow(RangeError);
      expect(() => space.write(new Uint8Array(1), end)).toThrow(/within what is reserved/);
      expect(() => space.write(new Uint8Array(1), -1)).toThrow(/an address/);
      expect(() => space.reserve(0.5)).toThrow(/the bytes to reserve/);
      space.write(new Uint8Array(8), end - 8);
    });
  });

  test('reserving and writing throw once the space or the file is closed', async () => {
    await withFolder(async (folder) => {
      const file = new File(`${folder}/a.h5`, 'w');
      const { token } = file;
      const space = new FileSpace(token);
      const other = new FileSpace(token);
      const address = other.reserve(8);
      space.close();
      space.close();
      expect(() => space.reserve(1)).toThrow(ClosedError);
      file.close();
      expect(() => other.reserve(1)).toThrow(ClosedError);
      expect(() => other.write(new Uint8Array(8), address)).toThrow(ClosedError);
      expect(() => new FileSpace(token)).toThrow(ClosedError);
      expect(() => new FileSpace(3 as never)).toThrow(TypeError);
      other.close();
    });
  });
});
