import {
  type DeflatedBytes,
  filterMaskOf,
  isStored,
  NOTHING_DEFLATED,
  placementCount,
  sumDeflated,
  sumStages,
  totalStoredBytes,
} from '../hdf5/index.js';
import { type DatasetTotals, type Progress, ProgressCounter } from '../progress.js';
import { type JobStages, NO_JOB_STAGES } from '../workers/index.js';
import type { RecordedWrite } from './record.js';

/** Where the time went: the stages of the workers, summed over the workers, and the coordinator's placing. */
export type DatasetStages = JobStages & {
  /** Seconds for which chunks were placed. */
  readonly place: number;
};

/** Counts of the chunks of one dataset that were written so far. */
export interface Tally {
  stages: DatasetStages;
  deflated: DeflatedBytes;
  /** Stored chunks that skipped a filter, because it would not have made them smaller. */
  chunksUnfiltered: number;
  /** Chunks that were not stored, because they held nothing but the fill value. */
  chunksSkipped: number;
}

/** Chunks that a worker wrote, and what that took. */
export interface Written extends RecordedWrite {
  readonly stages: Partial<JobStages>;
  readonly deflated: DeflatedBytes;
}

/** Counts what was written, and how long it took, for each dataset. */
export class Tallies {
  readonly datasets: Tally[] = [];
  readonly #counter = new ProgressCounter();

  get progress(): Progress {
    return this.#counter.progress;
  }

  add(totals: DatasetTotals): void {
    this.#counter.add(totals);
    this.datasets.push({
      stages: { ...NO_JOB_STAGES, place: 0 },
      deflated: NOTHING_DEFLATED,
      chunksUnfiltered: 0,
      chunksSkipped: 0,
    });
  }

  /** @param bytesRead bytes of the source's values */
  addWritten(dataset: number, written: Written, bytesRead: number): void {
    const { placements, stages, deflated } = written;
    const tally = this.datasets[dataset];
    const { place, ...workers } = tally.stages;
    tally.stages = { ...sumStages(workers, stages), place };
    tally.deflated = sumDeflated(tally.deflated, deflated);
    const chunks = placementCount(placements);
    for (let at = 0; at < chunks; at++) {
      if (!isStored(placements, at)) tally.chunksSkipped++;
      if (filterMaskOf(placements, at) !== 0) tally.chunksUnfiltered++;
    }
    const bytesStored = totalStoredBytes(placements);
    this.#counter.advance(dataset, { bytesRead, bytesStored, chunks });
  }

  addPlacing(dataset: number, milliseconds: number): void {
    const tally = this.datasets[dataset];
    tally.stages = { ...tally.stages, place: tally.stages.place + milliseconds / 1000 };
  }

  /** Takes one skipped chunk off the count. */
  unskip(dataset: number): void {
    this.datasets[dataset].chunksSkipped--;
  }

  /** Counts bytes of values that have arrived for a dataset that workers do not read. */
  received(dataset: number, bytes: number): void {
    this.#counter.receive(dataset, bytes);
  }

  /** Counts bytes that were written into a dataset that is not chunked. */
  stored(dataset: number, bytes: number): void {
    this.#counter.advance(dataset, { bytesRead: 0, bytesStored: bytes, chunks: 0 });
  }
}
