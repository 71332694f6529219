/** Progress of a dataset or of the whole conversion, as plain numbers. */
export interface ProgressCounts {
  /** Bytes of values that have been read, before compression. */
  bytesRead: number;
  /** Bytes of all values, before compression. For data of unknown length, the bytes that have arrived so far. */
  bytesPlanned: number;
  /** Bytes of the chunks that are in the file. */
  bytesStored: number;
  chunksDone: number;
  chunksPlanned: number;
}

export interface DatasetProgress extends ProgressCounts {
  /** Absolute path in the file. */
  readonly path: string;
}

export interface Progress extends ProgressCounts {
  /** Time since the first job began. */
  seconds: number;
  readonly datasets: readonly DatasetProgress[];
}

/** The planned amounts of a dataset. */
export interface DatasetTotals {
  /** Absolute path in the file. */
  readonly path: string;
  /** Bytes of its values, before compression. */
  readonly rawBytes: number;
  readonly chunkCount: number;
}

/** Counts the progress of each dataset and of the whole conversion. */
export class ProgressCounter {
  readonly #datasets: DatasetProgress[] = [];
  readonly #begin = performance.now();
  readonly progress: Progress = { ...nothing(), seconds: 0, datasets: this.#datasets };

  add({ path, rawBytes, chunkCount }: DatasetTotals): void {
    const planned = { bytesPlanned: rawBytes, chunksPlanned: chunkCount };
    this.#datasets.push({ path, ...nothing(), ...planned });
    this.progress.bytesPlanned += rawBytes;
    this.progress.chunksPlanned += chunkCount;
  }

  /** Adds bytes and chunks of a dataset that are done. */
  advance(dataset: number, done: { bytesRead: number; bytesStored: number; chunks: number }): void {
    for (const counts of [this.progress, this.#datasets[dataset]]) {
      counts.bytesRead += done.bytesRead;
      counts.bytesStored += done.bytesStored;
      counts.chunksDone += done.chunks;
      counts.chunksPlanned = Math.max(counts.chunksPlanned, counts.chunksDone);
    }
    this.#tick();
  }

  /** Adds values that arrived from the program. Values beyond the plan extend it. */
  receive(dataset: number, bytes: number): void {
    const { bytesRead, bytesPlanned } = this.#datasets[dataset];
    const unplanned = Math.max(0, bytesRead + bytes - bytesPlanned);
    for (const counts of [this.progress, this.#datasets[dataset]]) {
      counts.bytesRead += bytes;
      counts.bytesPlanned += unplanned;
    }
    this.#tick();
  }

  #tick(): void {
    this.progress.seconds = (performance.now() - this.#begin) / 1000;
  }
}

function nothing(): ProgressCounts {
  return { bytesRead: 0, bytesPlanned: 0, bytesStored: 0, chunksDone: 0, chunksPlanned: 0 };
}
