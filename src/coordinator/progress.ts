/** How far a dataset, or the whole conversion, has come. Plain numbers; drawing is for others. */
export interface ProgressCounts {
  /** Bytes of the source's values that are done, before compression. */
  bytesRead: number;
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

/** A snapshot with nothing done yet. */
export function startProgress(totals: readonly DatasetTotals[]): Progress {
  const datasets = totals.map(({ path, rawBytes, chunkCount }) => ({
    path,
    bytesRead: 0,
    bytesPlanned: rawBytes,
    bytesStored: 0,
    chunksDone: 0,
    chunksPlanned: chunkCount,
  }));
  const sum = (key: keyof ProgressCounts) => datasets.reduce((total, one) => total + one[key], 0);
  return {
    bytesRead: 0,
    bytesPlanned: sum('bytesPlanned'),
    bytesStored: 0,
    chunksDone: 0,
    chunksPlanned: sum('chunksPlanned'),
    seconds: 0,
    datasets,
  };
}

/** Adds a finished job to its dataset and to the whole. */
export function advance(
  progress: Progress,
  dataset: number,
  done: { bytesRead: number; bytesStored: number; chunks: number },
): void {
  for (const counts of [progress, progress.datasets[dataset]]) {
    counts.bytesRead += done.bytesRead;
    counts.bytesStored += done.bytesStored;
    counts.chunksDone += done.chunks;
  }
}
