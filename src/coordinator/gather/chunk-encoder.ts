import { JobError } from '../../errors.js';
import type { EncodeDone, EncodeTask } from '../../workers/index.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import type { ChunkMemory } from './chunk-memory.js';
import type { Encoding, Target } from './target.js';

/** A gathered chunk that is to be encoded as it is. */
export interface SealedChunk {
  readonly target: Target;
  readonly key: string;
  readonly start: readonly number[];
  readonly buffer: ArrayBuffer;
}

interface WaitingChunk extends SealedChunk {
  /** Rows that the dataset had when it was sealed: of later ones it has nothing. */
  readonly rows: number;
}

/** Small chunks go to the workers together, so that a task is worth its message. */
const BATCH_BYTES = 1024 * 1024;

/** A task in work and two waiting: the thread that gathers may be busy for a while. */
const TASKS_PER_WORKER = 3;

/** Has sealed chunks encoded, and gives their placements to the ledger. */
export class ChunkEncoder {
  readonly #runner: TaskRunner;
  readonly #ledger: Ledger;
  readonly #memory: ChunkMemory;
  readonly #onDone: () => void;
  /** Of one dataset each. */
  readonly #batches = new Map<Encoding, WaitingChunk[]>();
  readonly #inWork = new Map<Target, Set<string>>();
  #tasks = 0;
  #failure: unknown;

  /** @param onDone called whenever a task has ended */
  constructor(runner: TaskRunner, ledger: Ledger, memory: ChunkMemory, onDone: () => void) {
    this.#runner = runner;
    this.#ledger = ledger;
    this.#memory = memory;
    this.#onDone = onDone;
  }

  /** Whether whoever gathers should wait before going on. */
  get full(): boolean {
    return this.#tasks >= this.#runner.workers * TASKS_PER_WORKER;
  }

  /** Whether chunks, of one dataset or of any, wait or are being encoded. */
  isBusy(target?: Target): boolean {
    if (!target) return this.#tasks > 0 || this.#batches.size > 0;
    return (this.#inWork.get(target)?.size ?? 0) > 0;
  }

  /** @throws the error with which encoding or writing a chunk failed */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Whether a chunk is waiting, or being encoded. */
  has(target: Target, key: string): boolean {
    return this.#inWork.get(target)?.has(key) ?? false;
  }

  /** Takes over a chunk; its buffer goes back to the memory when it has been written. */
  seal(chunk: SealedChunk): void {
    const { target, key } = chunk;
    const isRewritten = target.encoded.has(key);
    if (isRewritten) target.chunksRewritten++;
    target.encoded.add(key);
    const isStored = isRewritten && !target.skipped.has(key);
    const encoding = isStored ? target.replacing : target.encoding;
    const keys = this.#inWork.get(target);
    if (keys) keys.add(key);
    else this.#inWork.set(target, new Set([key]));
    const batch = this.#batches.get(encoding) ?? [];
    const [rows] = this.#ledger.extent(target.number);
    target.timestamps?.putChunk(chunk, rows);
    batch.push({ ...chunk, rows });
    if (batch.length * target.chunkBytes >= BATCH_BYTES) this.#send(encoding, batch);
    else this.#batches.set(encoding, batch);
  }

  /** Sends what waits for a batch to be full. */
  send(): void {
    for (const [encoding, batch] of this.#batches) this.#send(encoding, batch);
  }

  #send(encoding: Encoding, batch: readonly WaitingChunk[]): void {
    this.#batches.delete(encoding);
    this.#tasks++;
    const { target } = batch[0];
    void this.#encode(encoding, batch)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#tasks--;
        for (const { key } of batch) this.#inWork.get(target)?.delete(key);
        this.#onDone();
      });
  }

  async #encode(encoding: Encoding, batch: readonly WaitingChunk[]): Promise<void> {
    const buffers = batch.map(({ buffer }) => buffer);
    const { target } = batch[0];
    const task: EncodeTask = { ...encoding, chunks: buffers };
    const done = await this.#runner.run<EncodeDone>('encode', task, buffers).catch((error) => {
      this.#memory.lose(batch.length * target.chunkBytes);
      const slab = { start: batch[0].start, count: target.chunk };
      throw new JobError(target.path, slab, error, { file: this.#runner.filename });
    });
    for (const buffer of done.chunks) this.#memory.giveBack(buffer);
    this.#ledger.commitChunks(target.number, batch, done);
    this.#noteSkipped(batch, done);
  }

  /** Of a chunk that is encoded several times, the last counts. */
  #noteSkipped(batch: readonly SealedChunk[], { placements }: EncodeDone): void {
    for (const [at, { target, key }] of batch.entries()) {
      if (target.skipped.delete(key)) this.#ledger.tallies[target.number].chunksSkipped--;
      if (placements[3 * at] < 0) target.skipped.add(key);
    }
  }
}
