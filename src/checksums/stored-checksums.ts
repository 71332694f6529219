import type { Dataset } from '../hdf5/index.js';
import { cellCount, type Grid, isAscending, makeGrid } from '../layout/index.js';
import { plural } from '../wording.js';
import { ChecksumError } from './errors.js';

/**
 * XXH3 of 64 bits, seed 0, of a chunk's stored bytes (https://xxhash.com). Of these half are kept: as many as
 * a CRC has, and a file of many small chunks is to stay small.
 */
export const ALGORITHM = 'XXH3-64, low 32 bits';
export const KEPT_BITS = 32;

/** Checksums are read and written by as many: 1 MiB. */
export const ROWS = 65_536;

/** The dataset that checksums belong to. */
export interface ChecksumsOf {
  /** Absolute path in the file. */
  readonly path: string;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  readonly extent: readonly number[];
  /** The filters of its chunks, see `filtersText`; undefined of files that do not say. */
  readonly filters?: string | undefined;
}

/** Stored chunks and their checksums. */
export interface ChecksumRows {
  /** In C order of the chunk grid of the extent; ascending. */
  readonly numbers: Float64Array;
  /** Of those in a file `KEPT_BITS` bits. */
  readonly checksums: BigUint64Array;
}

/** The checksums of a dataset, in the file. */
export class StoredChecksums implements ChecksumsOf {
  readonly path: string;
  readonly chunk: readonly number[];
  readonly extent: readonly number[];
  readonly filters: string | undefined;
  /** How many there are. */
  readonly count: number;
  /** The chunks of the dataset. */
  readonly grid: Grid;
  readonly #dataset: Dataset;

  /** @throws ChecksumError for what does not look like checksums; Hdf5Error */
  constructor(dataset: Dataset, path: string) {
    const { dtype, shape, attributes } = dataset;
    const isRows = shape.length === 2 && shape[1] === 2;
    if (!isRows || (dtype !== 'uint32' && dtype !== 'uint64'))
      refuse(path, `they are ${dtype} of shape [${shape}], not uint32 of shape [stored chunks, 2]`);
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
    this.grid = makeGrid(this.extent, this.chunk, `the checksums of ${path}`);
    this.count = shape[0];
  }

  /**
   * All of them in their order, in portions.
   *
   * @throws ChecksumError for numbers that do not ascend within the chunk grid; Hdf5Error
   */
  *rows(most = ROWS): Generator<ChecksumRows, void, undefined> {
    const chunks = cellCount(this.grid);
    let last = -1;
    let sum = 0;
    for (let first = 0; first < this.count; first += most) {
      const count = Math.min(most, this.count - first);
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

function refuse(path: string, problem: string): never {
  throw new ChecksumError({
    path,
    problem: `the checksums of ${path} are damaged: ${problem}`,
    remedy: 'verify the file with its description, which compares every value',
  });
}
