import type { Description } from '../description/index.js';
import { File } from '../hdf5/index.js';
import { interleave } from '../layout/index.js';
import type { JobDone, Task, WorkerPlan } from '../workers/index.js';
import { allocate } from './allocate.js';
import { Ledger } from './ledger.js';
import { type ConvertOptions, type FilledOptions, fillOptions } from './options.js';
import { Output } from './output.js';
import { runJobs } from './pool.js';
import { type Prepared, type PreparedDataset, prepare } from './prepare.js';
import { type ConversionReport, makeReport } from './report.js';

/**
 * Converts what a description says into an NWB file, on all cores.
 *
 * Everything is checked before anything is written. The file grows as `NAME.partial` and takes its
 * name when it is complete; when the conversion fails or is stopped, nothing is left of it unless
 * `keepPartial` is set.
 *
 * @throws DescriptionError, SourceError, NwbError, LayoutError, BudgetError for input that does not
 * fit; OutputError where the file can't be made; JobError for a job that failed; Hdf5Error; the
 * reason of `signal` when that stopped it
 */
export async function convert(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionReport> {
  const begin = performance.now();
  const filled = fillOptions(options);
  filled.signal?.throwIfAborted();
  const prepared = await prepare(description, filled);
  filled.signal?.throwIfAborted();
  const output = new Output(prepared.description.path, filled.overwrite);
  output.checkInputs(prepared.inputs);
  // Until it is open the partial file may be another process's: not ours to discard.
  const file = new File(output.partial, 'w', { libver: filled.libver });
  try {
    const { ledger, run } = await write(file, prepared, filled);
    const closing = performance.now();
    // Synced while it is still locked: it takes long, and another process must not begin it anew.
    file.flush();
    output.sync();
    file.close();
    output.publish();
    const end = performance.now();
    return makeReport(prepared, filled, ledger, {
      total: (end - begin) / 1000,
      run,
      close: (end - closing) / 1000,
    });
  } catch (error) {
    giveUp(file, output, filled.keepPartial);
    throw error;
  }
}

function giveUp(file: File, output: Output, keepPartial: boolean): void {
  try {
    if (keepPartial) {
      file.close();
      return;
    }
    // Removed while it is locked: the next file of this name may be another process's.
    output.discard();
    file.abandon();
  } catch {
    // The first error is the one to report; what could be kept is kept.
  }
}

/** Allocates, runs all jobs and places what they wrote. */
async function write(
  file: File,
  { tree, datasets, workers }: Prepared,
  { signal, onProgress, keepPartial }: FilledOptions,
): Promise<{ ledger: Ledger; run: number }> {
  const ledger = new Ledger(datasets, allocate(file, tree, datasets));
  const report = () => onProgress?.(structuredClone(ledger.progress));
  report();
  const begin = performance.now();
  try {
    if (datasets.some(({ jobCount }) => jobCount > 0))
      await runJobs<Task, JobDone>({
        name: 'convert',
        plan: workerPlan(file, datasets),
        workers,
        tasks: interleave(datasets.map(({ jobCount }) => jobCount)),
        signal,
        onDone: (task, done) => ledger.commit(task, done),
        onProgress: report,
      });
  } catch (error) {
    if (keepPartial) ledger.settle();
    throw error;
  }
  ledger.settle();
  return { ledger, run: (performance.now() - begin) / 1000 };
}

function workerPlan({ filename, token }: File, datasets: readonly PreparedDataset[]): WorkerPlan {
  return {
    filename,
    token,
    datasets: datasets.map(({ path, node, source, jobs, layout }) => ({
      name: path,
      source,
      dtype: node.dtype,
      jobs,
      layout,
    })),
  };
}
