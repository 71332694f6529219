import { JobError } from '../../errors.js';
import { isStored } from '../../hdf5/index.js';
import type { EncodeDone, EncodeTask } from '../../workers/index.js';
import type { GatherTask } from '../lazy-pool.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import type { ChunkMemory } from './chunk-memory.js';
import type { Encoding, Target } from './target.js';

/** A gathered chunk that is ready to be encoded. */
export interface SealedChunk {
  readonly target: Target;
  readonly key: string;
  readonly start: readonly number[];
  readonly buffer: ArrayBuffer;
}

interface WaitingChunk extends SealedChunk {
  /** Rows that the dataset had when the chunk was sealed; later rows are not in it. */
  readonly rows: number;
}

/** Small chunks go to the workers together, so that a task is worth its message. */
const BATCH_BYTES = 1024 * 1024;

/** One task in work and two waiting, because the gathering thread may be busy for a while. */
const TASKS_PER_WORKER = 3;

/** Sends sealed chunks to be encoded, and hands their placements to the ledger. */
export class ChunkEncoder {
  readonly #runner: TaskRunner<GatherTask>;
  readonly #ledger: Ledger;
  readonly #memory: ChunkMemory;
  readonly #onDone: () => void;
  /** Chunks that wait until their batch is full. */
  readonly #batches = new Map<Encoding, WaitingChunk[]>();
  /** Keys of the chunks that are waiting or being encoded. */
  readonly #inWork = new Map<Target, Set<string>>();
  #tasks = 0;
  #failure: unknown;

  /** @param onDone called whenever a task has ended */
  constructor(
    runner: TaskRunner<GatherTask>,
    ledger: Ledger,
    memory: ChunkMemory,
    onDone: () => void,
  ) {
    this.#runner = runner;
    this.#ledger = ledger;
    this.#memory = memory;
    this.#onDone = onDone;
  }

  /** Whether the gatherer should wait before it seals more chunks. */
  get full(): boolean {
    return this.#tasks >= this.#runner.workers * TASKS_PER_WORKER;
  }

  /** Whether chunks of a dataset are waiting or being encoded; without a dataset, whether any chunks are. */
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

  /** Takes over a chunk. Its buffer goes back to the chunk memory once the chunk is written. */
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
    const { dtype, bigEndian } = target.spec;
    const { buffer, start } = chunk;
    target.timestamps?.putChunk({ start: start[0], buffer, dtype, bigEndian }, rows);
    batch.push({ ...chunk, rows });
    if (batch.length * target.chunkBytes >= BATCH_BYTES) this.#send(encoding, batch);
    else this.#batches.set(encoding, batch);
  }

  /** Sends all batches, full or not. */
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
    const done = await this.#runner.run('encode', task, buffers).catch((error) => {
      this.#memory.lose(batch.length * target.chunkBytes);
      const slab = { start: batch[0].start, count: target.chunk };
      throw new JobError(
        { dataset: target.path, hyperslab: slab, file: this.#runner.filename },
        { cause: error },
      );
    });
    for (const buffer of done.chunks) this.#memory.giveBack(buffer);
    this.#ledger.commitChunks(target.number, batch, done);
    this.#noteSkipped(batch, done);
  }

  /** Updates which chunks are skipped. If a chunk is encoded several times, its last encoding counts. */
  #noteSkipped(batch: readonly SealedChunk[], { placements }: EncodeDone): void {
    for (const [at, { target, key }] of batch.entries()) {
      if (target.skipped.delete(key)) this.#ledger.unskip(target.number);
      if (!isStored(placements, at)) target.skipped.add(key);
    }
  }
}
