import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convert } from 'hyperslab';
import { runTrials } from './trial.js';

export interface ResumeOptions {
  readonly folder: string;
  readonly runs: number;
  readonly workers: number;
  /** Number of chunks of the conversion. */
  readonly chunks: number;
}

const COLUMNS = 16;
/** Small, so that there are many chunks. */
const CHUNK = [8, 8];
/** Share of the chunks after which the conversion is interrupted. */
const DONE = 0.99;

/** Measures the time to resume a conversion that was interrupted when nearly all chunks were done. */
export async function resume(options: ResumeOptions): Promise<object> {
  const { folder, runs, workers, chunks } = options;
  const source = join(folder, `${chunks}-chunks.bin`);
  const rows = (chunks / (COLUMNS / CHUNK[1])) * CHUNK[0];
  writeFileSync(
    source,
    new Int16Array(rows * COLUMNS).map((_, at) => at * 7),
  );
  const begun = join(folder, 'begun.nwb');
  await interrupt(source, begun, workers);
  const output = join(folder, 'out.nwb');
  const program = fileURLToPath(new URL('./resume-trial.js', import.meta.url));
  const [trial] = await runTrials(
    [
      {
        name: 'resume',
        program: process.execPath,
        args: [program, JSON.stringify({ begun, output, workers })],
        output,
      },
    ],
    runs,
    source,
  );
  const perChunk = trial.outcomes
    .map(({ restoreMicroseconds }) => Number(restoreMicroseconds))
    .sort((a, b) => a - b);
  for (const path of [source, `${begun}.partial`, `${begun}.journal`]) rmSync(path);
  return {
    ...options,
    restoreMicroseconds: perChunk[Math.floor(perChunk.length / 2)],
    all: trial.outcomes,
  };
}

async function interrupt(source: string, path: string, workers: number): Promise<void> {
  const controller = new AbortController();
  const description = {
    path,
    nwbfile: {
      sessionDescription: 'many small chunks',
      identifier: 'chunks',
      sessionStartTime: '2026-01-01T00:00:00Z',
    },
    acquisition: [
      {
        type: 'TimeSeries' as const,
        name: 'x',
        rate: 30_000,
        unit: 'V',
        data: {
          source: { type: 'raw' as const, path: source, dtype: 'int16', shape: [null, COLUMNS] },
          chunks: CHUNK,
          compression: null,
        },
      },
    ],
  };
  const running = convert(description as Parameters<typeof convert>[0], {
    workers,
    overwrite: true,
    signal: controller.signal,
    onProgress: ({ chunksDone, chunksPlanned }) => {
      if (chunksDone > DONE * chunksPlanned) controller.abort();
    },
  });
  await running.then(
    () => {
      throw new Error('The conversion ended before it could be interrupted');
    },
    (error: Error) => {
      if (error.name !== 'AbortError') throw error;
    },
  );
}

/** Copies the files of an interrupted conversion to another name. */
export function copyBegun(begun: string, output: string): void {
  for (const ending of ['partial', 'journal'])
    copyFileSync(`${begun}.${ending}`, `${output}.${ending}`);
}
