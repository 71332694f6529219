import { beforeAll, expect, test } from 'vitest';
import { asPlacements, File } from '../../src/hdf5/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { type CanonicalTree, type CanonicalValue, canonicalValue } from './canonical.js';
import { temporaryFolder } from './session.js';
import { extents, type Pending, seeded, Target } from './targets.js';

const NAMES = [
  ...['earliest', 'v110', 'userblock', 'paged', 'paged, kept'],
  ...['free space kept', 'no free space', 'PyNWB'],
];
const ROUNDS = 150;

interface Made {
  readonly path: string;
  readonly datasets: readonly string[];
}

type Content = Record<string, CanonicalValue>;

interface Checked {
  readonly tree: CanonicalTree;
  readonly pynwb?: Content;
  readonly validation?: readonly string[];
}

describeInterop('chunks placed into files of h5py and PyNWB', () => {
  const folder = temporaryFolder();
  let made: Record<string, Made>;
  /** The values that the datasets of a file must hold, or the reason why it could not be changed. */
  const outcomes: Record<string, Content | Error> = {};
  let checked: readonly Checked[];

  beforeAll(async () => {
    made = (await runPython('targets.py', ['make', folder])) as typeof made;
    for (const [seed, name] of NAMES.entries())
      try {
        outcomes[name] = churn(made[name], name, seed);
      } catch (error) {
        outcomes[name] = error as Error;
      }
    const paths = NAMES.map((name) => made[name].path);
    checked = (await runPython('targets.py', ['check', ...paths])) as Checked[];
  });

  const expected = (name: string): Content => {
    const outcome = outcomes[name];
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };

  test.each(NAMES)('are what h5lib reads after reopening (%s)', (name) => {
    using file = new File(made[name].path, 'r');
    for (const [path, value] of Object.entries(expected(name))) {
      using dataset = file.dataset(path);
      expect([path, canonicalValue(dataset.read())]).toEqual([path, value]);
    }
  });

  test.each(NAMES)('are what h5py reads (%s)', (name) => {
    const { tree } = checked[NAMES.indexOf(name)];
    for (const [path, value] of Object.entries(expected(name)))
      expect([path, tree[path].value]).toEqual([path, value]);
  });

  test('are what PyNWB reads, and leave the file valid', () => {
    const { pynwb, validation } = checked[NAMES.indexOf('PyNWB')];
    expect(pynwb).toEqual(expected('PyNWB'));
    expect(validation).toEqual([]);
  });

  test.each(NAMES)('share no bytes with each other (%s)', (name) => {
    using file = new File(made[name].path, 'r');
    const targets = made[name].datasets.map((path) => new Target(file.dataset(path)));
    const taken = targets.flatMap(extents).sort((a, b) => a[0] - b[0]);
    expect(taken.length).toBeGreaterThan(50);
    const overlaps = taken.filter(([address], at) => {
      const before = taken[at - 1];
      return before !== undefined && before[0] + before[1] > address;
    });
    expect(overlaps).toEqual([]);
  });

  test.each(NAMES)(
    'stay whole when the file is opened and changed once more (%s)',
    async (name) => {
      const again = churn(made[name], name, 1000);
      const [{ tree }] = (await runPython('targets.py', ['check', made[name].path])) as Checked[];
      for (const [path, value] of Object.entries(again))
        expect([path, tree[path].value]).toEqual([path, value]);
    },
  );
});

/**
 * Replaces, adds and resizes at random, and writes chunks long before they are placed.
 *
 * @returns what the datasets must hold then
 */
function churn({ path, datasets }: Made, name: string, seed: number): Content {
  const random = seeded(seed);
  const libver =
    name === 'earliest' || name === 'userblock' || name === 'PyNWB' ? 'earliest' : 'v110';
  using file = new File(path, 'r+', { libver });
  const targets = datasets.map((dataset) => new Target(file.dataset(dataset)));
  let pending: Pending[] = [];
  const place = () => {
    // In another order than they were written in, but one dataset's own.
    pending.sort((a, b) => (a.dataset.path < b.dataset.path ? 1 : -1));
    for (const { dataset, slab, placements } of pending)
      dataset.place(slab.start, slab.count, asPlacements(placements));
    pending = [];
  };
  for (let round = 0; round < ROUNDS; round++) {
    const target = targets[random(targets.length)];
    const way = random(10);
    if (pending.some(({ dataset }) => dataset === target.dataset)) place();
    if (way < 6) {
      const slab = target.slab(random);
      const noise = random(2) === 0;
      target.change(slab, (index) => (noise ? random(65_536) - 32_768 : round + (index % 7)));
      pending.push(target.write(file, slab));
    } else if (way === 6) {
      const slab = target.slab(random);
      target.change(slab, () => random(20));
      target.writeThrough(slab);
    } else if (way === 7 && target.growsAlong.length > 0) {
      const [rows, columns] = target.value.shape;
      target.resize([
        1 + random(rows + 40),
        target.growsAlong.includes(1) ? 1 + random(30) : columns,
      ]);
    } else if (way === 8 && name !== 'PyNWB') {
      const text = 'x'.repeat(random(500));
      file
        .writeDataset(`note ${seed} ${round}`, { dtype: 'string', shape: [], data: [text] })
        .close();
    } else {
      place();
      if (random(3) === 0) file.flush();
    }
  }
  place();
  const content: Content = {};
  for (const { dataset, value } of targets) {
    content[dataset.path] = canonicalValue(value);
    expect(canonicalValue(dataset.read())).toEqual(content[dataset.path]);
  }
  return content;
}
