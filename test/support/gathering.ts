import { join } from 'node:path';
import { type FeedContext, Gatherer, Target } from '../../src/coordinator/gather/index.js';
import { Ledger } from '../../src/coordinator/ledger.js';
import { type WorkerPool, withPool } from '../../src/coordinator/pool.js';
import { type Dataset, File, type Filter, typedArray } from '../../src/hdf5/index.js';
import { BudgetError, type DType } from '../../src/index.js';
import { itemSize, type Maxshape } from '../../src/layout/index.js';
import { tempFolder } from './recordings.js';

/** A dataset for which data are gathered. */
export interface TargetSpec {
  readonly dtype: DType;
  /** The first extent. */
  readonly extent: readonly number[];
  readonly maxshape: Maxshape;
  readonly chunk: readonly number[];
  readonly filters?: readonly Filter[];
  /** One item; zero by default. */
  readonly fillvalue?: Uint8Array;
  readonly skipFill?: boolean;
}

/** A file and the workers that write its chunks. */
export interface Workplace {
  readonly file: File;
  readonly pool: WorkerPool;
}

/** Runs `body` with a new file and its workers, and returns the path of the file. */
export async function withWorkers(
  workers: number,
  body: (place: Workplace) => Promise<void>,
): Promise<string> {
  const path = join(tempFolder(), 'a.h5');
  using file = new File(path, 'w');
  const plan = { filename: path, token: file.token, datasets: [] };
  await withPool(plan, workers, undefined, (pool) => body({ file, pool }));
  return path;
}

/** Datasets of a file, and the gatherer of their data. */
export interface Gathering extends FeedContext {
  readonly pool: WorkerPool;
  readonly datasets: readonly Dataset[];
  readonly targets: readonly Target[];
  /** Bytes that the gatherer may use. */
  readonly memory: number;
}

/** Makes the datasets `path0`, `path1`, … and a gatherer with `spare` bytes more than it needs at least. */
export function gatheringOf(
  { file, pool }: Workplace,
  path: string,
  specs: readonly TargetSpec[],
  spare: number,
): Gathering {
  const ledger = new Ledger();
  const targets = specs.map((spec, at) => newTarget(file, ledger, `${path}${at}`, spec));
  const memory = leastMemory(pool, ledger, targets) + spare;
  const gatherer = new Gatherer(pool, ledger, memory);
  for (const target of targets) gatherer.admit(target);
  const datasets = targets.map(({ dataset }) => dataset);
  return { pool, ledger, gatherer, datasets, targets, memory };
}

function newTarget(file: File, ledger: Ledger, path: string, spec: TargetSpec): Target {
  const { dtype, extent, maxshape, chunk, filters = [], skipFill = false } = spec;
  const fillvalue = spec.fillvalue ?? new Uint8Array(itemSize(dtype));
  const dataset = file.createDataset(path, {
    dtype,
    shape: extent,
    maxshape,
    chunks: chunk,
    filters,
    fillvalue: typedArray(dtype, fillvalue),
  });
  const number = ledger.add({ path, dataset, chunk, rawBytes: 0, chunkCount: 0 });
  const layout = { itemSize: itemSize(dtype), chunk, extent, fillvalue, filters, skipFill };
  return new Target(number, dataset, {
    ...{ path, dtype, shape: extent, maxshape, layout },
    fillvalue: { dtype, shape: [], data: typedArray(dtype, fillvalue) },
    ...{ chunkCount: 0, rawBytes: 0, bigEndian: false, isNew: true },
  });
}

/** Finds the least memory with which a gatherer admits the targets: each error of a smaller one says what is needed. */
export function leastMemory(pool: WorkerPool, ledger: Ledger, targets: readonly Target[]): number {
  for (let memory = 1; ; ) {
    const gatherer = new Gatherer(pool, ledger, memory);
    try {
      for (const target of targets) gatherer.admit(target);
      return memory;
    } catch (error) {
      if (!(error instanceof BudgetError) || error.fields.needed <= memory) throw error;
      memory = error.fields.needed;
    }
  }
}
