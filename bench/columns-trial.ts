/** One trial: writes data column by column. Takes its options as JSON, and prints its outcome as JSON. */
import { closeSync, openSync, readSync } from 'node:fs';
import { type AbstractDataChunkIterator, convert, DataChunk, dataIO } from 'hyperslab';
import { describe, type Storage, storageOptions } from './description.js';
import { printOutcome } from './outcome.js';

export interface ColumnsTrialOptions extends Storage {
  /** Path of a file of int16, one column after the other. */
  readonly source: string;
  readonly rows: number;
  readonly columns: number;
  readonly workers: number;
}

const options = JSON.parse(process.argv[2]) as ColumnsTrialOptions;
const { source, rows, columns, output, workers } = options;

/** Yields whole columns, each of which has a part in every chunk. */
function* columnChunks(): Generator<DataChunk, void, undefined> {
  const column = new Int16Array(rows);
  const file = openSync(source, 'r');
  try {
    for (let at = 0; at < columns; at++) {
      readSync(file, column, 0, column.byteLength, at * column.byteLength);
      yield new DataChunk(column, [null, at]);
    }
  } finally {
    closeSync(file);
  }
}

const iterator: AbstractDataChunkIterator = {
  dtype: 'int16',
  maxshape: [rows, columns],
  recommendedDataShape: [rows, columns],
  [Symbol.iterator]: columnChunks,
};

const description = describe(output, columns, dataIO(iterator, storageOptions(options)));
const report = await convert(description, { workers, overwrite: true });
const { chunksRewritten, receivedBytes } = report.datasets[0];
printOutcome(report, { chunksRewritten, receivedBytes });
