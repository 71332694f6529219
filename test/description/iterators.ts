import type { Maxshape } from '../../src/layout/maxshape.js';
import type { AbstractDataChunkIterator, DataChunk } from '../../src/streams/index.js';

/** An iterator of int16, as a user may write one; it yields nothing. */
export class OwnIterator implements AbstractDataChunkIterator {
  readonly dtype = 'int16';
  readonly maxshape: Maxshape;

  constructor(maxshape: Maxshape = [null, 4]) {
    this.maxshape = maxshape;
  }

  *[Symbol.iterator](): Generator<DataChunk> {}
}
