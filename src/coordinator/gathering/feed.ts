import { setImmediate } from 'node:timers/promises';
import { resolveGrowing } from '../../layout/index.js';
import {
  type AbstractDataChunkIterator,
  checkDataChunk,
  DataChunk,
  isDataChunkIterator,
  type NdArray,
} from '../../sources/index.js';
import type { Ledger } from '../ledger.js';
import type { WorkerPool } from '../pool.js';
import type { Gatherer } from './gatherer.js';
import { latticeOf } from './lattices.js';
import type { Target } from './target.js';

export interface FeedContext {
  readonly pool: WorkerPool;
  readonly ledger: Ledger;
  readonly gatherer: Gatherer;
  /** Called after each DataChunk. */
  readonly onProgress?: () => void;
}

/** What a thread may do at one go while others wait for it, milliseconds. */
const TURN_MS = 10;

/**
 * Takes an array, or all DataChunks of an iterator, into a dataset, which grows as they come. The
 * producer is held back where there is no memory for more. Ends early when the pool is stopped.
 *
 * @throws DataError, LayoutError for a DataChunk that does not fit; what the iterator throws; the
 * error of a chunk that could not be written. What came before is kept.
 */
export async function feed(
  target: Target,
  blocks: NdArray | AbstractDataChunkIterator,
  context: FeedContext,
): Promise<void> {
  if (!isDataChunkIterator(blocks)) return take(target, new DataChunk(blocks, null), context);
  const { pool, onProgress } = context;
  const chunks = new StoppableIterator(blocks, pool);
  let turn = performance.now();
  try {
    for (let count = 0; ; count++) {
      const pulled = chunks.next();
      const next = pulled instanceof Promise ? await pulled : pulled;
      if (next.done) return;
      const name = `DataChunk ${count} of ${target.path}`;
      const taken = take(target, checkDataChunk(next.value, target.dtype, name), context);
      if (taken) await taken;
      onProgress?.();
      // Iterators that are always ready would keep the workers' answers waiting.
      if (performance.now() - turn > TURN_MS) {
        await setImmediate();
        turn = performance.now();
      }
    }
  } catch (error) {
    chunks.return();
    throw error;
  }
}

function take(
  target: Target,
  { data, selection }: DataChunk,
  { ledger, gatherer }: FeedContext,
): void | Promise<void> {
  const { number, maxshape, path } = target;
  const bounds = { extent: ledger.extent(number), maxshape };
  const { picks, count, reach } = resolveGrowing(selection, data.shape, bounds, path);
  ledger.resize(number, reach);
  const taken = gatherer.write(target, picks, latticeOf(data, count));
  ledger.received(number, data.data.byteLength);
  return taken;
}

type Next = IteratorResult<DataChunk, unknown>;

/** An iterator's elements, until the pool is stopped: also while the next one is waited for. */
class StoppableIterator {
  readonly #iterator: Iterator<DataChunk> | AsyncIterator<DataChunk>;
  readonly #pool: WorkerPool;

  constructor(blocks: AbstractDataChunkIterator, pool: WorkerPool) {
    this.#pool = pool;
    const iterator = blocks[Symbol.iterator]?.() ?? blocks[Symbol.asyncIterator]?.();
    this.#iterator = iterator as Iterator<DataChunk> | AsyncIterator<DataChunk>;
  }

  next(): Next | Promise<Next> {
    if (this.#pool.stopped) {
      this.return();
      return { done: true, value: undefined };
    }
    const next = this.#iterator.next();
    return next instanceof Promise ? this.#orStopped(next) : next;
  }

  /** Lets the iterator clean up. Not waited for: it may never answer. */
  return(): void {
    try {
      void Promise.resolve(this.#iterator.return?.()).catch(() => {});
    } catch {
      // The error that ended the iteration is the one to report.
    }
  }

  #orStopped(next: Promise<Next>): Promise<Next> {
    return new Promise((resolve, reject) => {
      const stopped = () => {
        this.return();
        resolve({ done: true, value: undefined });
      };
      this.#pool.onStop.add(stopped);
      next.then(resolve, reject).finally(() => this.#pool.onStop.delete(stopped));
    });
  }
}
