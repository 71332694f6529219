import { type DType, itemSize, LayoutError, product } from '../layout/index.js';
import type { ReadableSpec } from '../sources/index.js';
import {
  type AbstractDataChunkIterator,
  isDataChunkIterator,
  type NdArray,
} from '../streams/index.js';
import type { Difference } from '../workers/index.js';
import type { DatasetVerification, VerifyOptions, VerifyReport } from './report.js';

/** A bulk dataset as it should be. */
export interface ExpectedDataset {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** What its values should be. */
  readonly data: ReadableSpec | NdArray;
}

/**
 * Data that a dataset can be compared with.
 *
 * @param name of the dataset, in messages
 * @throws LayoutError for an iterator, because it can't be read a second time
 */
export function readAgain<Data extends ReadableSpec | NdArray>(
  data: Data | AbstractDataChunkIterator,
  name: string,
): Data {
  if (!isDataChunkIterator(data)) return data;
  const expected = 'data that can be read again';
  throw new LayoutError({ name, expected, received: 'an iterator' });
}

/** Bytes of the values of datasets, before compression. */
function rawBytesOf(datasets: readonly ExpectedDataset[]): number {
  return datasets.reduce((sum, { dtype, shape }) => sum + product(shape) * itemSize(dtype), 0);
}

/** The report of a verification, which began at `begin` of `performance.now()`. */
export function verifyReport(
  path: string,
  datasets: readonly DatasetVerification[],
  bulk: readonly ExpectedDataset[],
  begin: number,
): VerifyReport {
  return {
    path,
    equal: datasets.every(({ equal }) => equal),
    values: datasets.reduce((sum, { values }) => sum + values, 0),
    rawBytes: rawBytesOf(bulk),
    seconds: (performance.now() - begin) / 1000,
    datasets,
  };
}

/** The verification of a dataset whose values were compared. */
export function compared(
  { path, shape }: ExpectedDataset,
  difference: Difference | undefined,
): DatasetVerification {
  const values = product(shape);
  if (!difference) return { path, equal: true, values };
  const { index, source, file } = difference;
  const problem = `first difference at [${index.join(', ')}]: ${source} in the source, ${file} in the file`;
  return { path, equal: false, values, problem, difference };
}

/** Counts the bytes that were compared, for the progress of a verification. */
export class ComparedBytes {
  readonly #planned: number;
  readonly #onProgress: VerifyOptions['onProgress'];
  #read = 0;

  /** @param datasets those that are compared with sources */
  constructor(datasets: readonly ExpectedDataset[], onProgress: VerifyOptions['onProgress']) {
    this.#planned = rawBytesOf(datasets);
    this.#onProgress = onProgress;
  }

  add(bytes: number): void {
    this.#read += bytes;
  }

  report(): void {
    this.#onProgress?.({ bytesRead: this.#read, bytesPlanned: this.#planned });
  }
}
