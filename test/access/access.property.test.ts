import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OpenDataset, type OpenFile, open } from '../../src/index.js';
import { numRuns } from '../support/effort.js';
import { gzipBytes } from '../support/encoder.js';
import { describeInterop, runPython } from '../support/python.js';
import { readBack, tempFolder } from '../support/recordings.js';
import { Model } from './model.js';
import { expectSame, fillItem, type Made, made, type Step, steps, take } from './steps.js';

/** How a test uses the file. */
interface Manner {
  readonly workers: number;
  /** Memory for chunks in bytes, in addition to one chunk of each dataset. */
  readonly spare: number;
  readonly libver: 'earliest' | 'v110';
  /** Whether each call is awaited before the next one. */
  readonly waits: boolean;
}

interface Use {
  readonly made: Made;
  readonly steps: readonly Step[];
}

const manner: fc.Arbitrary<Manner> = fc.record({
  workers: fc.constantFrom(1, 2),
  spare: fc.constantFrom(0, 500, 5000),
  libver: fc.constantFrom('earliest', 'v110'),
  waits: fc.boolean(),
});

const uses = fc.array(fc.record({ made, steps }), { minLength: 1, maxLength: 4 });

/** Bytes that a worker needs for chunks of at most 64 items. */
const WORKER_BYTES = gzipBytes(4, 64, 8);

function optionsOf({ workers, spare, libver }: Manner) {
  return { workers, libver, memory: workers * WORKER_BYTES + 1024 + spare };
}

const nameOf = (at: number) => `/group${at % 2}/d${at}`;

/**
 * Runs the steps of all datasets at the same time, in as many sessions as they ask for.
 *
 * @param create creates the datasets in the first session; leave it out if they exist
 */
async function useAll(
  path: string,
  all: readonly Use[],
  how: Manner,
  create?: (file: OpenFile, at: number) => OpenDataset,
): Promise<Model[]> {
  const models = all.map(({ made: m }) => new Model(m.dtype, m.shape, fillItem(m)));
  const parts = all.map((use) => sessionsOf(use.steps));
  const most = Math.max(...parts.map(({ length }) => length));
  for (let session = 0; session < most; session++) {
    const file = await open(path, 'a', optionsOf(how));
    const used = all.map((_, at) => {
      const dataset = session === 0 && create ? create(file, at) : file.dataset(nameOf(at));
      return useOne(dataset, models[at], parts[at][session] ?? [], how);
    });
    await Promise.all(used).finally(() => file.close());
  }
  return models;
}

async function useOne(
  dataset: OpenDataset,
  model: Model,
  some: readonly Step[],
  { waits }: Manner,
): Promise<void> {
  const done: Promise<unknown>[] = [];
  for (const step of some) {
    const taken = take(step, dataset, model);
    if (waits) await taken;
    else done.push(taken);
  }
  await Promise.all(done);
  expect(dataset.shape).toEqual(model.shape);
  expectSame(await dataset.read(), model.all);
}

function sessionsOf(all: readonly Step[]): Step[][] {
  const sessions: Step[][] = [[]];
  for (const step of all)
    if (step.kind === 'reopen') sessions.push([]);
    else sessions[sessions.length - 1].push(step);
  return sessions;
}

function expectFile(path: string, models: readonly Model[]): void {
  for (const [at, model] of models.entries()) {
    const { data, shape } = readBack(path, nameOf(at));
    expectSame({ data: data as typeof model.all.data, shape }, model.all);
  }
}

test('datasets hold what was written, whatever the order, the memory and the threads', async () => {
  const folder = tempFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(uses, manner, fc.boolean(), async (all, how, skipFill) => {
      const path = join(folder, `${count++}.h5`);
      const create = (file: OpenFile, at: number) =>
        file.createDataset(nameOf(at), { ...all[at].made, skipFill });
      expectFile(path, await useAll(path, all, how, create));
    }),
    { numRuns: numRuns(20) },
  );
});

describeInterop('datasets that h5py made', () => {
  test('datasets that h5py made hold what was written, as h5py reads them', async () => {
    const path = join(tempFolder(), 'h5py.h5');
    const all = fc.sample(fc.record({ made, steps }), { numRuns: 40, seed: 7 });
    const datasets = all.map(({ made: m }, at) => ({
      ...m,
      name: nameOf(at),
      bigEndian: at % 3 === 0,
      fillvalue: String(m.fillvalue),
    }));
    await runPython('custom_write_random.py', ['make', path], { stdin: JSON.stringify(datasets) });
    const models = await useAll(path, all, {
      workers: 2,
      spare: 2000,
      libver: 'earliest',
      waits: false,
    });
    expectFile(path, models);
    const hex = await runPython('custom_write_random.py', ['read', path]);
    const expected = models.map((model, at) => {
      const { data } = model.all;
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
      return [nameOf(at), [[...model.shape], bytes]];
    });
    expect(hex).toEqual(Object.fromEntries(expected));
  });
});
