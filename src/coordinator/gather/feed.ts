import { setImmediate, setTimeout } from 'node:timers/promises';
import { type AxisPick, isList, product, resolveGrowing, slice } from '../../layout/index.js';
import {
  type AbstractDataChunkIterator,
  checkDataChunk,
  DataChunk,
  FlushRequest,
  isDataChunkIterator,
  type NdArray,
} from '../../streams/index.js';
import type { GatherTask } from '../lazy-pool.js';
import type { TaskRunner } from '../pool.js';
import { type GrowthContext, writeGrowing } from './growing.js';
import { latticeOf } from './lattices.js';
import { RowBuffer } from './row-buffer.js';
import type { Target } from './target.js';

export interface FeedContext extends GrowthContext {
  readonly pool: TaskRunner<GatherTask>;
  /** Called after each DataChunk. */
  readonly onProgress?: () => void;
  /** Index along axis 0 that selections count from. Default: 0. */
  readonly origin?: number;
  /**
   * Whether more data may come for the dataset after the iterator has ended. If so, chunks that are not full stay
   * in memory. Default: false.
   */
  readonly goesOn?: boolean;
  /** Makes everything written so far safe when an iterator asks for a flush. Default: the extent is recorded. */
  readonly acknowledge?: () => void | Promise<void>;
}

/** Milliseconds for which one iterator may keep the thread busy before others get their turn. */
const TURN_MS = 10;

/** Milliseconds that an iterator gets for its clean-up, which may never end. */
const CLEANUP_MS = 1000;

/** An array is cut into parts of about this many bytes, if a row of chunks is smaller. */
const SLAB_BYTES = 4 * 1024 * 1024;

/**
 * Writes an array, or all DataChunks of an iterator, into a dataset, which grows as they come. While memory is
 * short, no further DataChunk is requested. A flush request is answered once everything before it is written and
 * on record. At the end all chunks are flushed, unless the pool was stopped or `goesOn` is set.
 *
 * @throws DataError, LayoutError for a DataChunk that does not fit; the iterator's own error; JobError for a chunk
 * that could not be written. The DataChunks before the error are kept.
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
  const rows = new RowBuffer(target, origin);
  const takeRows = async () => {
    const buffered = rows.take();
    if (buffered) await take(target, buffered, target.path, context);
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
        await answer(next.value, takeRows, target, context);
        continue;
      }
      const name = `DataChunk ${count++} of ${target.path}`;
      const chunk = checkDataChunk(next.value, target.spec.dtype, name);
      if (!rows.add(chunk)) {
        if (!rows.isEmpty) await takeRows();
        const taken = rows.add(chunk) ? undefined : take(target, chunk, name, context);
        if (taken) await taken;
      }
      onProgress?.();
      // An iterator that is always ready would keep the workers' answers waiting.
      if (performance.now() - turn > TURN_MS) {
        // Write the buffered rows now: waiting longer would only add latency.
        await takeRows();
        gatherer.send();
        await setImmediate();
        turn = performance.now();
      }
    }
  } catch (error) {
    await chunks.return(error);
    // Rows that came before the error are written, too. If that fails, the first error is the one to report.
    await takeRows().catch(() => {});
    throw error;
  }
  await takeRows();
  if (pool.stopped || goesOn) return;
  await gatherer.flush(target);
  ledger.ended(target.number);
}

/** Answers a flush request once everything that came before it is written and on record. */
async function answer(
  request: FlushRequest,
  takeRows: () => Promise<void>,
  target: Target,
  { ledger, gatherer, acknowledge }: FeedContext,
): Promise<void> {
  try {
    await takeRows();
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
  const { number } = target;
  const { maxshape } = target.spec;
  const [length, ...row] = ledger.extent(number);
  const [most, ...maxRow] = maxshape;
  const bounds = {
    extent: [length - origin, ...row],
    maxshape: [most === null ? null : most - origin, ...maxRow],
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

/** Cuts an array into DataChunks of whole rows of chunks, so that feeding it can be stopped. */
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

/** Yields the elements of an iterator. Ends when the pool is stopped, even while the next element is awaited. */
class StoppableIterator {
  readonly #iterator: AnyIterator;
  readonly #pool: TaskRunner<GatherTask>;

  constructor(iterator: AnyIterator, pool: TaskRunner<GatherTask>) {
    this.#iterator = iterator;
    this.#pool = pool;
  }

  next(): Next | Promise<Next> {
    const next = this.#iterator.next();
    // Any thenable is accepted, as `for await` does.
    return 'then' in next ? this.#orStopped(Promise.resolve(next)) : next;
  }

  /**
   * Lets the iterator clean up, but waits for it only for a bounded time.
   *
   * @param reason the error that ended the iteration, if any
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
