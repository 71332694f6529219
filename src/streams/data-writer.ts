import {
  type AxisPick,
  type AxisSelection,
  type DType,
  isList,
  LayoutError,
  type Maxshape,
  pickAt,
  product,
  resolveGrowing,
  resolveMaxshape,
  type Selection,
  slice,
} from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import type { AbstractDataChunkIterator } from './abstract-data-chunk-iterator.js';
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
  /** Largest extent, null along axes that grow without end. */
  readonly maxshape: Maxshape;
  /** Shape of a chunk. Default: chosen for the dataset. */
  readonly recommendedChunkShape?: readonly number[] | null;
  /** The extent to begin with. Default: the maxshape, 0 where that is null. */
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
 * Data of a dataset that are pushed, by a program that acquires them, where iterators are pulled:
 *
 *     const ap = new DataWriter({ dtype: 'int16', maxshape: [null, 384] });
 *     const acquire = async () => {
 *       for await (const block of amplifier) await ap.append(block);
 *     };
 *     void acquire().then(() => ap.end(), (error) => ap.end(error));
 *     const report = await convert({ …, acquisition: [{ …, data: { data: ap } }] });
 *
 * What is pushed is taken in the order of the calls. The conversion waits until `end` is called. When
 * it fails or is stopped, the calls that it did not come to are rejected, and all that follow: with its
 * error where that is known, else with a DataError. Who does not wait for a call misses nothing: the
 * conversion itself has the error, too.
 */
export class DataWriter implements AbstractDataChunkIterator {
  readonly dtype: DType;
  readonly maxshape: Maxshape;
  readonly recommendedChunkShape: readonly number[] | null;
  readonly recommendedDataShape: readonly number[] | null;
  readonly #queue = new PushQueue();
  /** As it is when all that was pushed has been taken. */
  #extent: readonly number[];
  /** Where the next rows are appended. */
  #rows: number;
  #isIterated = false;

  /** @throws OptionError for options that are not known; DataError, LayoutError for those that do not fit */
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
   * Puts data behind all rows that were appended or written, from `recommendedDataShape[0]` on.
   *
   * @param data rows, of the dataset's rank; or one row, of a rank less; or a typed array of whole rows
   * @returns when the data were taken over: they may be changed then, and not before. Until there is
   * memory for them it waits, so who waits for it does not run ahead of the disk.
   * @throws DataError, LayoutError for data of another type or shape, and rows beyond maxshape; before
   * anything is taken
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
   * Puts data anywhere, over what is there; the dataset grows as far as maxshape goes.
   *
   * @param selection as numpy's, `[slice(0, 100), 3]`; negative numbers count from the extent that the
   * calls before have led to
   * @param data as large as what is selected, or a number, which is repeated
   * @returns as `append`
   * @throws DataError, LayoutError for what does not fit; before anything is taken
   */
  write(selection: Selection, data: NdArrayLike): Promise<void> {
    return this.#push(() => {
      const array = toNdArray(data, this.dtype, DATA);
      return new DataChunk(array, this.#growWith(selection, array).map(selectionOf));
    });
  }

  /**
   * Has all that was pushed before stored.
   *
   * Chunks that are not full are stored as they are; when more of their data come they are read back
   * and stored anew, at another place of the file, and the place that they had is lost. The report
   * counts them as `chunksRewritten`. So flush by the second rather than by the block.
   *
   * @returns when it is in the file, and on record where there is a journal: it survives the end of the
   * process; that of the machine with `convert`'s durability `power`
   * @throws the error with which the conversion ended before
   */
  flush(): Promise<void> {
    return this.#refused() ?? this.#queue.pushFlush();
  }

  /**
   * Nothing more comes. Does nothing when it has ended already, one way or another.
   *
   * @param error with which the conversion fails, once it has taken what came before
   */
  end(error?: unknown): void {
    this.#queue.end(error);
  }

  /**
   * All DataChunks, and requests for flushes; for the conversion.
   *
   * @throws DataError when it is called a second time
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
      // `for await` knows no reason; a conversion does.
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
          name: DATA,
          expected: 'a conversion',
          received: 'none: the conversion has ended',
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

  /** What is answered once nothing can be pushed any more. */
  #refused(): Promise<never> | undefined {
    const { closed, isEnded } = this.#queue;
    if (closed) {
      const refused = Promise.reject(closed.error);
      // As for the calls before it, who does not wait misses nothing.
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

  /** Checks a piece of data, and grows with it; gives the indices along each axis. */
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
    if (isItemArray(data) && !row.includes(null)) return ofRows(array, row as number[]);
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

/** A typed array has no shape of its own, and takes that of the rows. */
function ofRows({ data }: NdArray, row: readonly number[]): NdArray {
  const size = product(row);
  const rows = data.length / size;
  if (Number.isInteger(rows)) return { data, shape: [rows, ...row] };
  const expected = `a multiple of ${size} items, rows of [${row.join(', ')}],`;
  throw new DataError({ name: DATA, expected, received: `${data.length} items` });
}

/** The same indices, whatever the extent is when they are looked at. */
function selectionOf(pick: AxisPick): AxisSelection {
  if (isList(pick)) return pick.indices;
  const { first, step, count } = pick;
  return slice(first, first + count * step, step);
}
