import fc from 'fast-check';
import { expect, test } from 'vitest';
import { feed } from '../../../src/coordinator/gather/index.js';
import { File, type Filter } from '../../../src/hdf5/index.js';
import type { AbstractDataChunkIterator, DataChunk } from '../../../src/index.js';
import { itemsFrom } from '../../../src/layout/dtype.js';
import { DTYPES, type Maxshape } from '../../../src/layout/index.js';
import { numRuns } from '../../support/effort.js';
import {
  gatheringOf,
  type TargetSpec,
  type Workplace,
  withWorkers,
} from '../../support/gathering.js';
import { bytesOf } from '../../support/recordings.js';
import { SparseModel, type Step, stepsWithin } from '../../support/sparse-model.js';

/** A dataset, and the steps that write to it. */
interface Script {
  readonly spec: Required<TargetSpec>;
  /** The box in which the steps write. */
  readonly box: readonly number[];
  readonly steps: readonly Step[];
  readonly isAsync: boolean;
}

const scripts: fc.Arbitrary<Script> = fc.integer({ min: 1, max: 4 }).chain((rank) =>
  fc
    .array(fc.integer({ min: 1, max: [40, 14, 7, 5][rank - 1] }), {
      minLength: rank,
      maxLength: rank,
    })
    .chain((box) => {
      const each = <T>(item: (length: number) => fc.Arbitrary<T>) => fc.tuple(...box.map(item));
      return fc.record({
        box: fc.constant(box),
        dtype: fc.constantFrom(...DTYPES),
        chunk: each((length) => fc.integer({ min: 1, max: Math.min(8, length) })),
        // As long as the extent, longer than the steps need, or unlimited.
        room: each(() => fc.constantFrom(0, 0, 3, null)),
        begun: each(() => fc.double({ min: 0, max: 1, noNaN: true })),
        filled: fc.constantFrom(0, 7, Number.NaN),
        shuffle: fc.boolean(),
        level: fc.constantFrom(null, 0, 1, 4),
        fletcher32: fc.boolean(),
        skipFill: fc.boolean(),
        steps: fc.array(stepsWithin(box), { maxLength: 12 }),
        isAsync: fc.boolean(),
      });
    })
    .map(({ box, dtype, chunk, room, begun, filled, shuffle, level, fletcher32, ...given }) => {
      const maxshape: Maxshape = box.map((length, axis) => {
        const more = room[axis];
        return more === null ? null : length + more;
      });
      const extent = box.map((length, axis) => Math.round(length * begun[axis]));
      const filters: Filter[] = [];
      if (shuffle) filters.push({ kind: 'shuffle' });
      if (level !== null) filters.push({ kind: 'deflate', level });
      if (fletcher32) filters.push({ kind: 'fletcher32' });
      const fillsNaN = Number.isNaN(filled) && !dtype.startsWith('float');
      const fillvalue = bytesOf({ data: itemsFrom([fillsNaN ? 9 : filled], dtype) });
      const { steps, isAsync, skipFill } = given;
      const spec = { dtype, extent, maxshape, chunk, filters, fillvalue, skipFill };
      return { spec, box, steps, isAsync };
    }),
);

const runs = fc.record({
  workers: fc.integer({ min: 1, max: 3 }),
  scripts: fc.array(scripts, { minLength: 1, maxLength: 3 }),
  /** Bytes in addition to the least memory that gathering needs. */
  spare: fc.constantFrom(0, 0, 100, 1000, 100_000),
});

/** Yields the DataChunks of steps. Each array is overwritten once the next DataChunk is requested. */
function iteratorOf(
  { spec, steps, isAsync }: Script,
  model: SparseModel,
): AbstractDataChunkIterator {
  function* chunks(): Generator<DataChunk> {
    for (const step of steps) {
      const chunk = model.take(step);
      yield chunk;
      bytesOf(chunk.data).fill(0xaa);
    }
  }
  async function* chunksLater(): AsyncGenerator<DataChunk> {
    for (const chunk of chunks()) yield chunk;
  }
  const { dtype, maxshape } = spec;
  return isAsync
    ? { dtype, maxshape, [Symbol.asyncIterator]: chunksLater }
    : { dtype, maxshape, [Symbol.iterator]: chunks };
}

/** The bytes that a dataset must hold. */
interface Expected {
  readonly path: string;
  readonly shape: readonly number[];
  readonly bytes: Buffer;
}

async function runIn(
  place: Workplace,
  name: string,
  { scripts, spare }: { scripts: readonly Script[]; spare: number },
): Promise<Expected[]> {
  const specs = scripts.map(({ spec }) => spec);
  const gathering = gatheringOf(place, name, specs, spare);
  const { gatherer, ledger, targets, datasets } = gathering;
  const models = scripts.map(
    ({ spec, box }) => new SparseModel(spec.dtype, box, spec, spec.fillvalue),
  );
  await Promise.all(
    scripts.map((script, at) => feed(targets[at], iteratorOf(script, models[at]), gathering)),
  );
  await gatherer.flush();
  ledger.settle();
  return models.map((model, at) => {
    const dataset = datasets[at];
    const expected = { path: dataset.path, shape: model.extent, bytes: model.bytes };
    expect(dataset.shape).toEqual(expected.shape);
    expect(bytesOf(dataset.read()).equals(expected.bytes)).toBe(true);
    expect(ledger.progress.datasets[at].bytesRead).toBe(model.received);
    dataset.close();
    return expected;
  });
}

test('pieces may come in any order and overlap: the file holds the last ones', {
  timeout: 120_000,
}, async () => {
  const expected = new Map<number, Expected[]>();
  const places = new Map<number, Workplace>();
  let count = 0;
  // Three files with their workers serve all runs.
  const all = async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const done = await runIn(places.get(run.workers) as Workplace, `run${count++}_`, run);
        expected.get(run.workers)?.push(...done);
      }),
      { numRuns: numRuns(150), timeout: 20_000 },
    );
  };
  const withMore = async (workers: number): Promise<void> => {
    if (workers > 3) return all();
    expected.set(workers, []);
    const path = await withWorkers(workers, async (place) => {
      places.set(workers, place);
      await withMore(workers + 1);
    });
    // Reads again after reopening, as another program would.
    using file = new File(path, 'r');
    for (const { path, shape, bytes } of expected.get(workers) ?? []) {
      using dataset = file.dataset(path);
      expect(dataset.shape).toEqual(shape);
      expect(bytesOf(dataset.read()).equals(bytes)).toBe(true);
    }
  };
  await withMore(1);
});
