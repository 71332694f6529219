import { runJobs } from '../../coordinator/jobs.js';
import { withPool } from '../../coordinator/pool.js';
import type { RestoredDataset } from '../../coordinator/run.js';
import { ResumeError } from '../../errors.js';
import { cellAt } from '../../layout/index.js';
import type { FilledOptions } from '../../options.js';
import { isSourced, type SourceDataset } from '../../plan/work.js';
import { isSameFile } from '../../sources/changed-files.js';
import type { VerifyDone, VerifyTask } from '../../workers/index.js';
import type { Recorder } from '../journal/index.js';
import type { Undertaking } from '../write-file.js';

/**
 * Compares what is done of datasets whose sources have other times than before, value for value, with these
 * sources. Where they agree, the files as they are now go on record.
 *
 * @param restored what is done, by the dataset's number
 * @throws ResumeError where a source holds something else; JobError where it can't be read
 */
export async function compareSources(
  { output, header, work }: Undertaking,
  restored: ReadonlyMap<number, RestoredDataset>,
  recorder: Recorder,
  { workers, signal }: Pick<FilledOptions, 'workers' | 'signal'>,
): Promise<void> {
  const touched = [...work.datasets.entries()].flatMap(([number, dataset]) => {
    const { data } = header.datasets[number];
    if (data.kind !== 'source' || !isSourced(dataset)) return [];
    const { files } = dataset.info;
    const isSame = files.every((file, at) => data.files[at] && isSameFile(data.files[at], file));
    return isSame ? [] : [{ number, dataset }];
  });
  if (touched.length === 0) return;
  const plan = {
    filename: output.partial,
    token: 0n,
    datasets: touched.map(({ dataset }) => workerDataset(dataset)),
  };
  let problem: string | undefined;
  await withPool(plan, workers, signal, (pool) =>
    runJobs<VerifyTask, VerifyDone>(pool, {
      name: 'verify',
      plan,
      tasks: touched.flatMap(({ number, dataset }, at) =>
        tasksOf(at, dataset, restored.get(number) as RestoredDataset),
      ),
      onDone: ({ dataset: at }, { difference }) => {
        if (!difference) return;
        const { path, info } = touched[at].dataset;
        const { index, source, file } = difference;
        problem ??= `${source} where there was ${file} at [${index.join(', ')}] of ${info.files[0].path}, the source of ${path}`;
        pool.stop();
      },
      onProgress: () => {},
    }),
  );
  if (problem !== undefined) throw new ResumeError(output.path, [problem]);
  for (const { number, dataset } of touched) recorder.sources(number, dataset.info.files);
}

function workerDataset({ path: name, source, dtype, jobs, layout, bigEndian }: SourceDataset) {
  return { name, source, dtype, jobs, layout, bigEndian };
}

/** A task for each chunk that is done. */
function tasksOf(
  dataset: number,
  { layout }: SourceDataset,
  { extent, chunks }: RestoredDataset,
): VerifyTask[] {
  return Array.from(chunks.numbers, (number, at) => ({
    dataset,
    job: 0,
    slab: cellAt({ extent, cell: layout.chunk }, number),
    placements: chunks.placements.slice(3 * at, 3 * at + 3),
  }));
}
