/** How far a dataset, or the whole conversion, has come. Plain numbers; drawing is for others. */
export interface ProgressCounts {
  /** Bytes of the source's values that are done, before compression. */
  bytesRead: number;
  /** Of data of unknown length: what has come so far. */
  bytesPlanned: number;
  /** Bytes of chunks in the file. */
  bytesStored: number;
  chunksDone: number;
  chunksPlanned: number;
}

export interface DatasetProgress extends ProgressCounts {
  /** Absolute path in the file. */
  readonly path: string;
}

export interface Progress extends ProgressCounts {
  /** Since the first job was begun. */
  seconds: number;
  readonly datasets: readonly DatasetProgress[];
}

export interface DatasetTotals {
  readonly path: string;
  readonly rawBytes: number;
  readonly chunkCount: number;
}

/** Counts what is done, of each dataset and of the whole. */
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

  /** Adds what was done of a dataset. */
  advance(dataset: number, done: { bytesRead: number; bytesStored: number; chunks: number }): void {
    for (const counts of [this.progress, this.#datasets[dataset]]) {
      counts.bytesRead += done.bytesRead;
      counts.bytesStored += done.bytesStored;
      counts.chunksDone += done.chunks;
      counts.chunksPlanned = Math.max(counts.chunksPlanned, counts.chunksDone);
    }
    this.#tick();
  }

  /** Adds values that came; of some, nobody knew that they would. */
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
