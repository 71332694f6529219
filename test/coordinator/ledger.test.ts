import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Ledger } from '../../src/coordinator/ledger.js';
import { asPlacements, File, FileSpace, NOTHING_DEFLATED } from '../../src/hdf5/index.js';
import { tempFolder } from '../support/recordings.js';

const CHUNKS = 4;
const CHUNK_ITEMS = 3;

/** Writes a chunk of equal values past libhdf5. */
function writeChunk(space: FileSpace, value: number) {
  const bytes = Buffer.from(new Int32Array(CHUNK_ITEMS).fill(value).buffer);
  const address = space.reserve(bytes.length);
  space.write(bytes, address);
  return {
    placements: asPlacements(Float64Array.of(address, bytes.length, 0)),
    checksums: new BigUint64Array(1),
    stages: {},
    deflated: NOTHING_DEFLATED,
  };
}

test('chunks that could not be placed are placed by the next call of settle', () => {
  const path = join(tempFolder(), 'a.h5');
  const failure = new Error('no room for metadata');
  {
    using file = new File(path, 'w');
    using dataset = file.createDataset('x', {
      dtype: 'int32',
      shape: [CHUNKS * CHUNK_ITEMS],
      chunks: [CHUNK_ITEMS],
    });
    using space = new FileSpace(file.token);
    const ledger = new Ledger();
    const number = ledger.add({
      path: '/x',
      dataset,
      chunk: [CHUNK_ITEMS],
      rawBytes: 0,
      chunkCount: CHUNKS,
    });
    for (let chunk = 0; chunk < CHUNKS; chunk++)
      ledger.commit(
        number,
        { start: [chunk * CHUNK_ITEMS], count: [CHUNK_ITEMS] },
        writeChunk(space, chunk + 1),
        0,
      );
    const place = dataset.place.bind(dataset);
    const spy = vi.spyOn(dataset, 'place');
    spy.mockImplementationOnce(place);
    // This chunk is placed before the call fails, so that it will be placed twice.
    spy.mockImplementationOnce((...args) => {
      place(...args);
      throw failure;
    });
    expect(() => ledger.settle()).toThrow(failure);
    expect(spy).toHaveBeenCalledTimes(2);
    ledger.settle();
    expect(spy).toHaveBeenCalledTimes(5);
    ledger.settle();
    expect(spy).toHaveBeenCalledTimes(5);
  }
  using file = new File(path, 'r');
  using dataset = file.dataset('x');
  expect([...(dataset.read().data as Int32Array)]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
});
