import { setImmediate, setTimeout } from 'node:timers/promises';
import { type AxisPick, isList, product, resolveGrowing, slice } from '../../layout/index.js';
import {
  type AbstractDataChunkIterator,
  checkDataChunk,
  DataChunk,
  FlushRequest,
  isDataChunkIterator,
  type NdArray,
} from '../../sources/index.js';
import type { TaskRunner } from '../pool.js';
import { type GrowthContext, writeGrowing } from './growing.js';
import { latticeOf } from './lattices.js';
import { Staging } from './row-buffer.js';
import type { Target } from './target.js';

export interface FeedContext extends GrowthContext {
  readonly pool: TaskRunner;
  /** Called after each DataChunk. */
  readonly onProgress?: () => void;
  /** The index along axis 0 from which selections count. Default: 0. */
  readonly origin?: number;
  /**
   * Whether more may come for the dataset when the iterator is done, so that chunks that are not full
   * stay in memory. Default: false.
   */
  readonly goesOn?: boolean;
  /** Makes what is written last, at an iterator's request. Default: it goes on record. */
  readonly acknowledge?: () => void | Promise<void>;
}

/** What a thread may do at one go while others wait for it, milliseconds. */
const TURN_MS = 10;

/** What an iterator has to clean up should not take longer; it may never end. */
const CLEANUP_MS = 1000;

/** What is taken of an array at one go, where its chunks are smaller. */
const SLAB_BYTES = 4 * 1024 * 1024;

/**
 * Takes an array, or all DataChunks of an iterator, into a dataset, which grows as they come. The
 * producer is held back where there is no memory for more. Requests for a flush are answered when what
 * came before them is written, and on record; so is all at the end, unless the pool was stopped.
 *
 * @throws DataError, LayoutError for a DataChunk that does not fit; what the iterator throws; the
 * error of a chunk that could not be written. What came before is kept.
 */
export async function feed(
  target: Target,
  blocks: NdArray | AbstractDataChunkIterator,
  context: FeedContext,
): Promise<void> {
  const { pool, ledger, gatherer, onProgress, origin = 0, goesOn = false } = context;
  const iterator = isDataChunkIterator(blocks)
    ? (blocks[Symbol.iterator]?.() ?? blocks[Symbol.asyncIterator]?.())
    : slabs(blocks, target.chunk[0]);
  const chunks = new StoppableIterator(iterator as AnyIterator, pool);
  const staging = new Staging(target, origin);
  const takeStaged = async () => {
    const staged = staging.take();
    if (staged) await take(target, staged, target.path, context);
  };
  let turn = performance.now();
  let count = 0;
  try {
    for (;;) {
      if (pool.stopped) {
        await chunks.return();
        break;
      }
      const pulled = chunks.next();
      const next = pulled instanceof Promise ? await pulled : pulled;
      if (next.done) break;
      if (next.value instanceof FlushRequest) {
        await answer(next.value, takeStaged, target, context);
        continue;
      }
      const name = `DataChunk ${count++} of ${target.path}`;
      const chunk = checkDataChunk(next.value, target.dtype, name);
      if (!staging.add(chunk)) {
        if (!staging.isEmpty) await takeStaged();
        const taken = staging.add(chunk) ? undefined : take(target, chunk, name, context);
        if (taken) await taken;
      }
      onProgress?.();
      // Iterators that are always ready would keep the workers' answers waiting.
      if (performance.now() - turn > TURN_MS) {
        // Whatever has come is worth its turn by now, if the data come so slowly.
        await takeStaged();
        gatherer.send();
        await setImmediate();
        turn = performance.now();
      }
    }
  } catch (error) {
    await chunks.return(error);
    // What came before is kept; that some of it can't be is a later error than the one to report.
    await takeStaged().catch(() => {});
    throw error;
  }
  await takeStaged();
  if (pool.stopped || goesOn) return;
  await gatherer.flush(target);
  ledger.ended(target.number);
}

/** Has all that was gathered, and staged for it, written and on record. */
async function answer(
  request: FlushRequest,
  takeStaged: () => Promise<void>,
  target: Target,
  { ledger, gatherer, acknowledge }: FeedContext,
): Promise<void> {
  try {
    await takeStaged();
    await gatherer.flush(target);
    await (acknowledge?.() ?? ledger.acknowledge(target.number));
  } catch (error) {
    request.settle(error);
    throw error;
  }
  request.settle();
}

function take(
  target: Target,
  { data, selection }: DataChunk,
  name: string,
  context: FeedContext,
): void | Promise<void> {
  const { ledger, origin = 0 } = context;
  const { number, maxshape } = target;
  const [length, ...row] = ledger.extent(number);
  const [most, ...mostOfRow] = maxshape;
  const bounds = {
    extent: [length - origin, ...row],
    maxshape: [most === null ? null : most - origin, ...mostOfRow],
  };
  const { picks, count, reach } = resolveGrowing(selection, data.shape, bounds, name);
  ledger.received(number, data.data.byteLength);
  const piece = {
    picks: origin === 0 ? picks : picks.with(0, movedBy(picks[0], origin)),
    from: latticeOf(data, count),
    extent: reach.with(0, reach[0] + origin),
  };
  return writeGrowing(target, piece, context);
}

function movedBy(pick: AxisPick, by: number): AxisPick {
  return isList(pick)
    ? { ...pick, indices: pick.indices.map((index) => index + by) }
    : { ...pick, first: pick.first + by };
}

/** An array as DataChunks of whole rows of chunks, so that it can be stopped, too. */
function* slabs({ data, shape }: NdArray, chunkRows: number): Generator<DataChunk> {
  const [rows, ...row] = shape;
  const rowItems = product(row);
  const chunkBytes = chunkRows * rowItems * data.BYTES_PER_ELEMENT;
  const step = chunkRows * Math.max(1, Math.floor(SLAB_BYTES / chunkBytes));
  for (let first = 0; first < rows && rowItems > 0; first += step) {
    const end = Math.min(rows, first + step);
    const part = data.subarray(first * rowItems, end * rowItems);
    yield new DataChunk({ data: part, shape: [end - first, ...row] }, slice(first, end));
  }
}

type Element = DataChunk | FlushRequest;
type AnyIterator = Iterator<Element> | AsyncIterator<Element>;
type Next = IteratorResult<Element, unknown>;

/** An iterator's elements, until the pool is stopped: also while the next one is waited for. */
class StoppableIterator {
  readonly #iterator: AnyIterator;
  readonly #pool: TaskRunner;

  constructor(iterator: AnyIterator, pool: TaskRunner) {
    this.#iterator = iterator;
    this.#pool = pool;
  }

  next(): Next | Promise<Next> {
    const next = this.#iterator.next();
    // Any thenable will do, as for `for await`.
    return 'then' in next ? this.#orStopped(Promise.resolve(next)) : next;
  }

  /**
   * Lets the iterator clean up; not waited for much longer than that should take.
   *
   * @param reason the error that ended the iteration, where it is known
   */
  async return(reason?: unknown): Promise<void> {
    try {
      const ended = Promise.resolve(this.#iterator.return?.(reason));
      ended.catch(() => {});
      await Promise.race([ended, setTimeout(CLEANUP_MS, undefined, { ref: false })]);
    } catch {
      // The error that ended the iteration is the one to report.
    }
  }

  #orStopped(next: Promise<Next>): Promise<Next> {
    return new Promise((resolve, reject) => {
      const stopped = () => {
        void this.return();
        resolve({ done: true, value: undefined });
      };
      this.#pool.onStop.add(stopped);
      next.then(resolve, reject).finally(() => this.#pool.onStop.delete(stopped));
    });
  }
}
