import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asPlacements, File } from '../../src/hdf5/index.js';
import { ConvertJobs } from '../../src/workers/convert-job.js';
import { FileReader } from '../../src/workers/file-reader.js';
import { JobReader } from '../../src/workers/job-reader.js';
import { VerifyJobs } from '../../src/workers/verify-job.js';
import { packPlan, unpackPlan, type WorkerPlan } from '../../src/workers/wire.js';
import { WriterCache } from '../../src/workers/writer-cache.js';
import {
  moduleText,
  readBack,
  rejection,
  tempFolder,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const MODEL = waves([100, 4]);
const SLABS = [
  { start: [0, 0], count: [60, 4] },
  { start: [60, 0], count: [40, 4] },
];

/** The plan of a worker for a file of two datasets, and the open file. */
function setUp(folder: string) {
  const path = join(folder, 'a.h5');
  const file = new File(path, 'w');
  const layout = {
    itemSize: 2,
    chunk: [30, 3],
    extent: [100, 4],
    fillvalue: Uint8Array.of(9, 0),
    filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }],
  } as const;
  const names = ['/a', '/b'];
  const source = writeRaw(folder, 'a.bin', MODEL);
  for (const name of names) {
    const { chunk, extent, filters } = layout;
    const fillvalue = Int16Array.of(9);
    file
      .createDataset(name, { dtype: 'int16', shape: extent, chunks: chunk, filters, fillvalue })
      .close();
  }
  const jobs = { extent: [100, 4], cell: [60, 6] };
  const shared = { source, dtype: 'int16' as const, jobs, layout, bigEndian: false };
  const datasets = names.map((name) => ({ name, ...shared }));
  const plan = { filename: path, token: file.token, datasets } satisfies WorkerPlan;
  return { path, file, plan };
}

test('plans are packed without loss', () => {
  const { file, plan } = setUp(tempFolder());
  const unpacked = unpackPlan(packPlan({ ...plan, token: 2n ** 63n }));
  expect(unpacked).toMatchObject({ filename: plan.filename, token: 2n ** 63n });
  expect(unpacked.datasets?.[1].layout.fillvalue).toEqual(Uint8Array.of(9, 0));
  expect({ ...unpacked.datasets?.[1], layout: 0 }).toEqual({ ...plan.datasets[1], layout: 0 });
  file.close();
});

test('jobs of several datasets, in any order, are converted and compared', async () => {
  const { path, file, plan } = setUp(tempFolder());
  const stop = new Int32Array(1);
  const conversion = new ConvertJobs(plan, new JobReader(plan), new WriterCache(plan.token), stop);
  for (const task of [
    [1, 1],
    [0, 0],
    [1, 0],
    [0, 1],
  ]) {
    const [dataset, job] = task;
    const { start, count } = SLABS[job];
    const done = await conversion.run({ dataset, job });
    expect(done.placements).toHaveLength(3 * 2 * Math.ceil(count[0] / 30));
    const { read, gather, filter, checksum, write } = done.stages;
    const stored = done.placements.filter((_, at) => at % 3 === 1).reduce((a, b) => a + b, 0);
    const chunks = done.placements.length / 3;
    // The columns are numbered as in the file.
    const values = 2 * count[0] * count[1];
    expect(read).toMatchObject({ bytesIn: values, bytesOut: values });
    expect(gather).toMatchObject({ bytesIn: values, bytesOut: 2 * chunks * 30 * 3 });
    expect(filter).toMatchObject({ bytesIn: gather.bytesOut, bytesOut: stored });
    expect(checksum).toMatchObject({ bytesIn: stored, bytesOut: 8 * chunks });
    expect(write).toMatchObject({ bytesIn: stored, bytesOut: stored });
    for (const { seconds } of [read, gather, filter, checksum, write])
      expect(seconds).toBeGreaterThanOrEqual(0);
    using target = file.dataset(plan.datasets[dataset].name);
    target.place(start, count, done.placements);
  }
  const located = plan.datasets.map(({ name }) => {
    using dataset = file.dataset(name);
    return SLABS.map(({ start, count }) => dataset.locate(start, count));
  });
  file.close();
  for (const { name } of plan.datasets) expect(readBack(path, name).data).toEqual(MODEL.items);

  const verification = new VerifyJobs(
    plan,
    new JobReader(plan),
    new FileReader(plan.filename),
    stop,
  );
  for (const dataset of [0, 1])
    for (const job of [1, 0]) {
      const placements = located[dataset][job];
      const done = await verification.run({ dataset, job, placements });
      expect(done.difference).toBeNull();
    }
  // Placements as if no chunk were stored.
  const nowhere = located[0][1].map((value, index) => (index % 3 === 0 ? -1 : value));
  const { difference } = await verification.run({
    dataset: 0,
    job: 1,
    placements: asPlacements(nowhere),
  });
  expect(difference).toEqual({ index: [60, 0], source: MODEL.items[240], file: 9 });
});

test('nothing is done after the workers were asked to stop', async () => {
  const { file, plan } = setUp(tempFolder());
  const stop = Int32Array.of(1);
  const task = { dataset: 0, job: 0 };
  // Not even the source is opened, because it does not exist.
  const source = { type: 'npy', path: '/no/such/file.npy' } as const;
  const reader = new JobReader({ ...plan, datasets: [{ ...plan.datasets[0], source }] });
  const done = await new ConvertJobs(plan, reader, new WriterCache(plan.token), stop).run(task);
  expect(done.placements).toHaveLength(0);
  const verification = new VerifyJobs(plan, reader, new FileReader(plan.filename), stop);
  const placements = new Float64Array(12).fill(-1);
  expect(
    (await verification.run({ ...task, placements: asPlacements(placements) })).difference,
  ).toBeNull();
  file.close();
});

test('a file that is closed too early causes an error', async () => {
  const { file, plan } = setUp(tempFolder());
  file.close();
  const conversion = new ConvertJobs(
    plan,
    new JobReader(plan),
    new WriterCache(plan.token),
    new Int32Array(1),
  );
  const error = await rejection(conversion.run({ dataset: 0, job: 0 }));
  expect(error).toMatchObject({ tag: 'ClosedError' });
});

test('each source is opened once, and must still have the planned shape', async () => {
  const folder = tempFolder();
  const { file, plan } = setUp(folder);
  file.close();
  const count = 'globalThis.opened = (globalThis.opened ?? 0) + 1; return {';
  const source = writeModule(folder, 'm.mjs', moduleText([100, 4]).replace('return {', count));
  const [one] = plan.datasets;
  const reader = new JobReader({ ...plan, datasets: [{ ...one, source }] });
  for (const job of [0, 1, 0]) {
    const { slab, pieces } = await reader.read({ dataset: 0, job });
    expect(slab).toEqual(SLABS[job]);
    expect(pieces).toHaveLength(1);
  }
  expect(globalThis).toMatchObject({ opened: 1 });

  const other = new JobReader({ ...plan, datasets: [{ ...one, dtype: 'uint16' }] });
  expect(await rejection(other.read({ dataset: 0, job: 0 }))).toMatchObject({
    tag: 'SourceError',
    fields: { received: '100 x 4 x int16: the source has changed' },
  });
});
