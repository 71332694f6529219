import type { Dataset } from '../hdf5/index.js';
import { cellCount, type Grid, isAscending, makeGrid, shapeText } from '../layout/index.js';
import { plural } from '../wording.js';
import { ChecksumError } from './errors.js';

/**
 * The 64-bit XXH3 hash with seed 0 (https://xxhash.com) of a chunk's stored bytes. Half of its bits are stored,
 * as many as a CRC-32 has, to keep files of many small chunks small.
 */
export const ALGORITHM = 'XXH3-64, low 32 bits';
export const KEPT_BITS = 32;

/** How many checksums are read or written at once: at most 1 MiB. */
export const ROWS = 65_536;

/** The dataset that checksums belong to. */
export interface ChecksumsOf {
  /** Absolute path in the file. */
  readonly path: string;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Extent of the dataset, in elements. */
  readonly extent: readonly number[];
  /** The filters of the chunks, see `filtersText`; undefined for files that do not record them. */
  readonly filters?: string | undefined;
}

/** The numbers of stored chunks and their checksums. */
export interface ChecksumRows {
  /** Numbers of the chunks in C order of the chunk grid; ascending. */
  readonly numbers: Float64Array;
  /** The low `KEPT_BITS` bits of the checksum of each chunk. */
  readonly checksums: BigUint64Array;
}

/** The checksums of a dataset, read from the file in portions. */
export class StoredChecksums implements ChecksumsOf {
  readonly path: string;
  readonly chunk: readonly number[];
  readonly extent: readonly number[];
  readonly filters: string | undefined;
  /** Number of checksums. */
  readonly count: number;
  /** The grid of the dataset's chunks. */
  readonly grid: Grid;
  readonly #dataset: Dataset;

  /** @throws ChecksumError if the dataset does not have the form of checksums; Hdf5Error */
  constructor(dataset: Dataset, path: string) {
    const { dtype, shape, attributes } = dataset;
    const isRows = shape.length === 2 && shape[1] === 2;
    if (!isRows || (dtype !== 'uint32' && dtype !== 'uint64'))
      refuse(
        path,
        `they are ${dtype} of shape ${shapeText(shape)}, not uint32 of shape [stored chunks, 2]`,
      );
    const algorithm = String(attributes.get('algorithm').data[0]);
    if (algorithm !== ALGORITHM)
      refuse(path, `their algorithm is '${algorithm}', not ${ALGORITHM}`);
    this.#dataset = dataset;
    this.path = path;
    this.chunk = shapeFrom(dataset, 'chunk');
    this.extent = shapeFrom(dataset, 'extent');
    this.filters = attributes.has('filters')
      ? String(attributes.get('filters').data[0])
      : undefined;
    this.grid = gridFrom(this.extent, this.chunk, path);
    this.count = shape[0];
  }

  /**
   * Reads all checksums in ascending order of the chunks.
   *
   * @param maxRows the most checksums per portion
   * @throws ChecksumError if the chunk numbers do not ascend within the chunk grid; Hdf5Error
   */
  *rows(maxRows = ROWS): Generator<ChecksumRows, void, undefined> {
    const chunks = cellCount(this.grid);
    let last = -1;
    let sum = 0;
    for (let first = 0; first < this.count; first += maxRows) {
      const count = Math.min(maxRows, this.count - first);
      const selection = { start: [first, 0], count: [count, 2] };
      const data = this.#dataset.read(selection).data as Uint32Array | BigUint64Array;
      const numbers = Float64Array.from({ length: count }, (_, at) => {
        sum += Number(data[2 * at]);
        return sum;
      });
      if (!isAscending(numbers, last, chunks))
        refuse(
          this.path,
          `their chunk numbers do not ascend within the ${plural(chunks, 'chunk')}`,
        );
      last = numbers[count - 1];
      yield {
        numbers,
        checksums: BigUint64Array.from(numbers, (_, at) => BigInt(data[2 * at + 1])),
      };
    }
  }

  close(): void {
    this.#dataset.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function shapeFrom({ attributes }: Dataset, name: string): number[] {
  const { data } = attributes.get(name);
  return Array.from(data as ArrayLike<number | bigint | string>, Number);
}

/** @throws ChecksumError if the recorded shapes do not form a valid chunk grid */
function gridFrom(extent: readonly number[], chunk: readonly number[], path: string): Grid {
  try {
    return makeGrid(extent, chunk, path);
  } catch (cause) {
    const shapes = `extent ${shapeText(extent)} and chunk ${shapeText(chunk)}`;
    return refuse(path, `the recorded ${shapes} do not form a valid chunk grid`, cause);
  }
}

function refuse(path: string, problem: string, cause?: unknown): never {
  throw new ChecksumError(
    {
      path,
      problem: `the checksums of ${path} are damaged: ${problem}`,
      remedy: 'verify the file with its description, which compares every value',
    },
    { cause },
  );
}
