import {
  type AxisPick,
  type AxisSelection,
  type DType,
  isList,
  LayoutError,
  type Maxshape,
  pickAt,
  resolveGrowing,
  resolveMaxshape,
  type Selection,
  slice,
} from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import type { AbstractDataChunkIterator } from './abstract-data-chunk-iterator.js';
import { asRows } from './arrays/as-rows.js';
import { DataError } from './arrays/data-error.js';
import { isItemArray, type NdArray } from './arrays/nd-array.js';
import type { NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';
import { checkIterator } from './check-iterator.js';
import { DataChunk } from './data-chunk.js';
import type { FlushRequest } from './flush-request.js';
import { PushQueue } from './push-queue.js';

export interface DataWriterOptions {
  readonly dtype: DType;
  /** Largest extent in elements, null along unlimited axes. */
  readonly maxshape: Maxshape;
  /** Shape of a chunk in elements. Default: chosen for the dataset */
  readonly recommendedChunkShape?: readonly number[] | null;
  /** Initial extent in elements. Default: the maxshape, with 0 along unlimited axes */
  readonly recommendedDataShape?: readonly number[] | null;
}

const WRITER_OPTIONS = optionNames<DataWriterOptions>({
  dtype: 1,
  maxshape: 1,
  recommendedChunkShape: 1,
  recommendedDataShape: 1,
});

const NAME = 'a DataWriter';
const DATA = `the data of ${NAME}`;

/**
 * Lets a program push the data of a dataset while it acquires them; a conversion pulls from iterators instead:
 *
 *     const ap = new DataWriter({ dtype: 'int16', maxshape: [null, 384] });
 *     const acquire = async () => {
 *       for await (const block of amplifier) await ap.append(block);
 *     };
 *     void acquire().then(() => ap.end(), (error) => ap.end(error));
 *     const report = await convert({ …, acquisition: [{ …, data: { data: ap } }] });
 *
 * The conversion takes the data in the order of the calls, and waits until `end` is called. If the conversion
 * fails or is stopped, all calls that it has not handled and all later calls are rejected: with the error of the
 * conversion if that is known, else with a DataError. A program that does not await the calls loses nothing,
 * because `convert` reports the same error.
 */
export class DataWriter implements AbstractDataChunkIterator {
  readonly dtype: DType;
  readonly maxshape: Maxshape;
  readonly recommendedChunkShape: readonly number[] | null;
  readonly recommendedDataShape: readonly number[] | null;
  readonly #queue = new PushQueue();
  /** The extent that the dataset will have when all pushed data have been taken. */
  #extent: readonly number[];
  /** Index along axis 0 at which the next rows are appended. */
  #rows: number;
  #isIterated = false;

  /** @throws OptionError for unknown options; DataError, LayoutError for invalid ones */
  constructor(options: DataWriterOptions) {
    requireKnown(options, WRITER_OPTIONS, `the options of ${NAME}`);
    const { dtype, maxshape, recommendedChunkShape, recommendedDataShape } = options;
    this.dtype = dtype;
    this.maxshape = maxshape;
    this.recommendedChunkShape = recommendedChunkShape ?? null;
    this.recommendedDataShape = recommendedDataShape ?? null;
    checkIterator(this, NAME);
    this.#extent = this.recommendedDataShape ?? maxshape.map((length) => length ?? 0);
    resolveMaxshape(this.#extent, maxshape, `the recommendedDataShape of ${NAME}`);
    this.#rows = this.recommendedDataShape?.[0] ?? 0;
  }

  /**
   * Appends rows behind all rows that were appended or written before; the first ones go to index
   * `recommendedDataShape[0]`.
   *
   * @param data rows, of the dataset's rank; one row, of one axis less; or a typed array of whole rows
   * @returns a promise that resolves when the data have been copied; do not change them before. It waits until
   * memory is free, so a program that awaits it can't run ahead of the disk.
   * @throws DataError, LayoutError for data of another type or shape, or rows beyond maxshape; nothing is
   * written then
   */
  append(data: NdArrayLike): Promise<void> {
    return this.#push(() => {
      const array = this.#asRows(data);
      const selection = slice(this.#rows, this.#rows + array.shape[0]);
      this.#growWith(selection, array);
      return new DataChunk(array, selection);
    });
  }

  /**
   * Writes data to any selection and replaces older data there; the dataset grows within maxshape.
   *
   * @param selection as in numpy, `[slice(0, 100), 3]`; negative numbers count from the extent after all
   * earlier calls
   * @param data an array of the selection's shape, or a number, which is repeated
   * @returns a promise as that of `append`
   * @throws DataError, LayoutError for data of another type or shape, or a selection beyond maxshape; nothing is
   * written then
   */
  write(selection: Selection, data: NdArrayLike): Promise<void> {
    return this.#push(() => {
      const array = toNdArray(data, this.dtype, DATA);
      return new DataChunk(array, this.#growWith(selection, array).map(selectionOf));
    });
  }

  /**
   * Stores all data that were pushed before.
   *
   * Incomplete chunks are stored, too. When more of their data arrive, they are read back and stored again at
   * another place in the file, and their old space is lost; the report counts them as `chunksRewritten`. So flush
   * about once a second, not after every block.
   *
   * @returns a promise that resolves when the data are in the file and, if the conversion has a journal, recorded
   * there. The data then survive a crash of the process and, with `convert`'s durability `power`, of the machine.
   * @throws the error of the conversion, if it failed before
   */
  flush(): Promise<void> {
    return this.#refused() ?? this.#queue.pushFlush();
  }

  /**
   * Ends the data. Does nothing if the writer or the conversion has ended already.
   *
   * @param error if given, the conversion fails with it after it has taken all data
   */
  end(error?: unknown): void {
    this.#queue.end(error);
  }

  /**
   * The pushed DataChunks and requests for flushes, for the conversion.
   *
   * @throws DataError if it is called a second time
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<DataChunk | FlushRequest> {
    if (this.#isIterated)
      throw new DataError({
        name: NAME,
        expected: 'one iteration',
        received: 'a second one, after its data were consumed',
      });
    this.#isIterated = true;
    return {
      next: () => this.#queue.pull(),
      // `for await` passes no reason, but a conversion passes its error.
      return: async (reason?: unknown) => {
        this.reject(reason);
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * Rejects all pushes that wait, and all later ones, because no more data are taken.
   *
   * @internal
   */
  reject(reason?: unknown): void {
    this.#queue.close(
      reason ??
        new DataError({
          name: 'a DataWriter',
          expected: 'a running conversion',
          received: 'data after its conversion had ended',
        }),
    );
  }

  #push(make: () => DataChunk): Promise<void> {
    const refused = this.#refused();
    if (refused) return refused;
    try {
      return this.#queue.pushChunk(make());
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The rejected promise for a call after the end; undefined if data can still be pushed. */
  #refused(): Promise<never> | undefined {
    const { closed, isEnded } = this.#queue;
    if (closed) {
      const refused = Promise.reject(closed.error);
      // Prevents an unhandled rejection: `convert` reports the same error.
      refused.catch(() => {});
      return refused;
    }
    if (!isEnded) return undefined;
    return Promise.reject(
      new DataError({
        name: DATA,
        expected: 'nothing more after end()',
        received: 'a further call',
      }),
    );
  }

  /** Checks the shape of data, grows the extent to contain them, and returns their indices along each axis. */
  #growWith(selection: Selection, { shape }: NdArray): readonly AxisPick[] {
    const bounds = { extent: this.#extent, maxshape: this.maxshape };
    const { picks, count, reach } = resolveGrowing(selection, shape, bounds, DATA);
    const [rows] = picks;
    this.#extent = reach;
    if (!count.includes(0)) this.#rows = Math.max(this.#rows, pickAt(rows, rows.count - 1) + 1);
    return picks;
  }

  #asRows(data: NdArrayLike): NdArray {
    const row = this.maxshape.slice(1);
    const array = toNdArray(data, this.dtype, DATA);
    if (isItemArray(data) && !row.includes(null)) return asRows(array, row as number[], DATA);
    const { shape } = array;
    const rows = shape.length === row.length ? [1, ...shape] : shape;
    if (rows.length === this.maxshape.length) return { data: array.data, shape: rows };
    const lengths = ['n', ...row.map((length) => length ?? 'any')];
    throw new LayoutError({
      name: DATA,
      expected: `data of shape [${lengths.join(', ')}]`,
      received: `shape [${shape.join(', ')}]`,
    });
  }
}

/** A selection of the same indices that does not depend on the extent. */
function selectionOf(pick: AxisPick): AxisSelection {
  if (isList(pick)) return pick.indices;
  const { first, step, count } = pick;
  return slice(first, first + count * step, step);
}
