import { type RestoredDataset, runJobs, withPool, workerDataset } from '../../coordinator/index.js';
import { ResumeError } from '../../errors.js';
import { slicePlacements } from '../../hdf5/index.js';
import type { Problem } from '../../hyperslab-error.js';
import { cellAt } from '../../layout/index.js';
import { isSourced, type PlannedDataset, type SourceData } from '../../plan/index.js';
import { isSameFile } from '../../sources/index.js';
import type { VerifyTask } from '../../workers/index.js';
import type { InterruptedConversion } from '../conversion.js';
import type { Recorder } from '../journal/index.js';

/** A dataset whose source files have other times than when the conversion began. */
interface TouchedDataset {
  readonly number: number;
  readonly dataset: PlannedDataset<SourceData>;
}

/**
 * If files of a source have other times than before, compares the source with the chunks that are done, value for
 * value. If they agree, the new state of the files is recorded.
 *
 * @param restored what is done, by the dataset's number
 * @throws ResumeError if a source holds other values; JobError if it can't be read
 */
export async function compareSources(
  { output, header, options }: InterruptedConversion,
  datasets: readonly PlannedDataset[],
  restored: ReadonlyMap<number, RestoredDataset>,
  recorder: Recorder,
): Promise<void> {
  const touched = [...datasets.entries()].flatMap(([number, dataset]): TouchedDataset[] => {
    const { data } = header.datasets[number];
    if (data.kind !== 'source' || !isSourced(dataset)) return [];
    const { files } = dataset.data.info;
    const isSame = files.every((file, at) => data.files[at] && isSameFile(data.files[at], file));
    return isSame ? [] : [{ number, dataset }];
  });
  if (touched.length === 0) return;
  const plan = {
    filename: output.partial,
    datasets: touched.map(({ dataset }) => workerDataset(dataset)),
  };
  let problem: Problem | undefined;
  await withPool(plan, options.workers, options.signal, (pool) =>
    runJobs(pool, {
      name: 'verify',
      plan,
      jobs: touched.flatMap(({ number, dataset }, at) =>
        jobsOf(at, dataset, restored.get(number) as RestoredDataset),
      ),
      onDone: (job, { difference }) => {
        if (!difference) return;
        const { spec, data } = touched[job.dataset].dataset;
        const { index, source, file } = difference;
        const { path } = data.info.files[0];
        problem ??= {
          path,
          message: `${path}, the source of ${spec.path}, holds ${source} at [${index.join(', ')}] where it held ${file}`,
        };
        pool.stop();
      },
    }),
  );
  if (problem !== undefined) throw new ResumeError({ path: output.path, problems: [problem] });
  for (const { number, dataset } of touched) recorder.sources(number, dataset.data.info.files);
}

/** One job for each chunk that is done. */
function jobsOf(
  dataset: number,
  { spec }: PlannedDataset,
  { extent, chunks }: RestoredDataset,
): VerifyTask[] {
  return Array.from(chunks.numbers, (number, at) => ({
    dataset,
    job: 0,
    slab: cellAt({ extent, cell: spec.layout.chunk }, number),
    placements: slicePlacements(chunks.placements, at, at + 1),
  }));
}
