import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/speech.js';
import { BudgetError, convert, fill, plan, verify } from '../../src/index.js';
import { speakTo } from '../../src/surface.js';
import {
  description,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

const { availableParallelism } = os;

/** Makes this process believe that the machine runs the given number of threads at once. */
function setCores(count: typeof availableParallelism): void {
  os.availableParallelism = count;
  syncBuiltinESMExports();
}

beforeAll(() => setCores(() => 8));
afterAll(() => setCores(availableParallelism));

function recording() {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([4000, 4]));
  const path = join(folder, 'a.nwb');
  return { path, source, what: description(path, [timeSeries('x', { source, chunks: [50, 4] })]) };
}

/** The least memory that the given number of workers needs. */
async function memoryOf(what: ReturnType<typeof description>, workers: number): Promise<number> {
  const error = await rejection(plan(what, { workers, memory: 1 }));
  if (!(error instanceof BudgetError)) throw error;
  return error.fields.needed;
}

test('by default as many workers as fit into the memory work, and a warning says so', async () => {
  const { path, source, what } = recording();
  const memory = (await memoryOf(what, 2)) + 100;
  const line =
    /^2 of 8 workers fit into \d.* of memory; raise memory, or choose smaller chunks, to use all$/;
  const planned = await plan(what, { memory });
  expect(planned.workers).toBe(2);
  expect(planned.memory.planned).toBeLessThanOrEqual(memory);
  expect(planned.warnings).toContainEqual(expect.stringMatching(line));
  speakTo(commandLine);
  const { warnings } = await plan(what, { memory });
  expect(warnings).toContainEqual(expect.stringContaining('; raise --memory, or choose'));
  speakTo();
  const report = await convert(what, { memory });
  expect(report).toMatchObject({ workers: 2, memory: { allowed: memory } });
  expect(report.warnings).toContainEqual(expect.stringMatching(line));
  expect((await verify(path, undefined, { memory })).equal).toBe(true);
  const filled = await fill(path, { '/acquisition/x/data': source }, { memory });
  expect(filled.workers).toBe(2);
  expect(filled.warnings).toContainEqual(expect.stringMatching(line));
  // Comparing with the source takes more memory: a stored chunk for each worker.
  expect((await verify(path, what, { memory })).equal).toBe(true);
});

test('workers that are named are refused with the number that fits', async () => {
  const { what } = recording();
  const memory = (await memoryOf(what, 2)) + 100;
  const error = await rejection(plan(what, { workers: 3, memory }));
  expect(error).toBeInstanceOf(BudgetError);
  expect((error as Error).message).toContain('lower workers to 2');
});

test('memory that holds no worker at all is refused with what one worker needs', async () => {
  const { what } = recording();
  const needed = await memoryOf(what, 1);
  const error = await rejection(plan(what, { memory: needed - 1 }));
  if (!(error instanceof BudgetError)) throw error;
  expect(error.fields).toMatchObject({ workers: 1, needed, workersThatFit: 0 });
});

test('nothing is warned of if the jobs keep no more workers busy than fit', async () => {
  const { path, source } = recording();
  const what = description(path, [timeSeries('x', { source, chunks: [4000, 4] })]);
  const { workers, warnings } = await plan(what, { memory: await memoryOf(what, 3) });
  expect(workers).toBe(1);
  expect(warnings.join()).not.toContain('workers');
});
