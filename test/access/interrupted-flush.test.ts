import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Hdf5Error, open } from '../../src/index.js';
import { patch } from '../support/checksums.js';
import { BUILT } from '../support/child.js';
import { canFault, type Fault, faulty } from '../support/faults.js';
import { describeInterop, python, runPython } from '../support/python.js';
import { rejection, tempFolder } from '../support/recordings.js';
import { runModule } from './run-module.js';

const SCRIPT = fileURLToPath(new URL('flushed.py', import.meta.url));

/** Appends, overwrites, shrinks and changes attributes, in three flushes. */
const CHANGE = `
  import { copyFileSync, readdirSync } from 'node:fs';
  const { ndarray, open, slice } = await import('${BUILT.index}');
  const rows = (first, count) =>
    ndarray(Int16Array.from({ length: count * 4 }, (_, k) => first + k), [count, 4]);
  const text = (...data) => ({ dtype: 'string', shape: [], data });
  async function change(path, flushed) {
    const file = await open(path, 'r+', { workers: 1, memory: '64MiB' });
    try {
      const packed = file.dataset('/acquisition/packed');
      const plain = file.dataset('/acquisition/plain');
      await packed.append(rows(5000, 50));
      packed.attributes.set('unit', text('microvolts, as of the first flush'));
      await file.flush();
      await flushed(1);
      await packed.write([slice(0, 10)], 7);
      await plain.write([slice(20, 70)], 8);
      await file.dataset('/contiguous').write([slice(0, 2000)], 9);
      file.attributes.set('note', text('y'.repeat(3000)));
      await file.flush();
      flushed(2);
      await packed.append(rows(9000, 300));
      await plain.resize([777, 4]);
      await plain.resize([1000, 4]);
    } finally {
      await file.close();
    }
    flushed(3);
  }
  const [path, folder] = process.argv.slice(1);`;

/** Prints the number of copies made so far (see faults.c) after each flush. */
const COPYING = `${CHANGE}
  await change(path, (number) => {
    copyFileSync(path, folder + '/state' + number + '.h5');
    console.log(readdirSync(folder + '/copies').length);
  });`;

const KILLED = `${CHANGE} await change(path, (number) => console.log(number));`;

/** Makes each write fail once, each in a file of its own. Prints the last completed flush, and the error. */
const FAILING = `${CHANGE}
  for (let after = 0, failed = true; failed; after++) {
    const one = folder + '/failing' + after + '.h5';
    copyFileSync(path, one);
    Object.assign(process.env, { FAULT_PATH: one, FAULT_AFTER: String(after) });
    let last = 0;
    const error = await change(one, (number) => { last = number; }).catch((thrown) => thrown);
    failed = error !== undefined;
    console.log(JSON.stringify({ path: one, flushed: last, message: error?.message ?? '' }));
  }`;

/** Tries to open the file from elsewhere meanwhile, and prints the errors. */
const SHARED = `${CHANGE}
  await change(path, async (number) => {
    const other = number === 1 ? open(path, 'r').catch(({ message }) => message) : undefined;
    console.log(String(await (other ?? number)));
  });`;

/** System calls that change a file. */
const WRITES = ['pwrite', 'ftruncate', 'fallocate'] as const;

/** Everything that hyperslab reads from the file. */
async function contentsOf(path: string): Promise<string> {
  await using file = await open(path, 'r', { workers: 1 });
  const found: unknown[] = [attributesOf(file)];
  for (const name of ['/acquisition/packed', '/acquisition/plain', '/contiguous']) {
    const dataset = file.dataset(name);
    const { data, shape } = await dataset.read(null);
    found.push([name, shape, [...data], attributesOf(dataset)]);
  }
  return JSON.stringify(found);
}

function attributesOf({ attributes }: Pick<Awaited<ReturnType<typeof open>>, 'attributes'>) {
  return attributes.names().map((name) => [name, attributes.get(name).data]);
}

/** Makes a file, the states after each of its flushes, and copies of the file before every write. */
async function prepare(libver: string) {
  const folder = tempFolder();
  const copies = join(folder, 'copies');
  mkdirSync(copies);
  const base = join(folder, 'state0.h5');
  await runPython(SCRIPT, ['make', base, libver]);
  const run = (text: string, path: string, fault: Fault) =>
    runModule(text, [path, folder], faulty(fault));
  const whole = join(folder, 'whole.h5');
  copyFileSync(base, whole);
  const { code, lines } = await run(COPYING, whole, { call: WRITES, path: '/whole.h5', copies });
  expect(code).toBe(0);
  const statePaths = [0, 1, 2, 3].map((number) => join(folder, `state${number}.h5`));
  const states = await Promise.all(statePaths.map(contentsOf));
  expect(new Set(states).size).toBe(states.length);
  const byH5py = await readByH5py(statePaths);

  /** The number of the state that hyperslab reads from each file; h5py must read the same after hyperslab. */
  const stateOf = async (paths: readonly string[]) => {
    const found: number[] = [];
    for (const path of paths) {
      const left = readFileSync(path);
      found.push(states.indexOf(await contentsOf(path)));
      expect(readFileSync(path).equals(left), `${path} is only read`).toBe(true);
      await (await open(path, 'r+', { workers: 1 })).close();
    }
    const read = await readByH5py(paths);
    expect(read.map((text) => byH5py.indexOf(text))).toEqual(found);
    return found;
  };
  const ends = lines.map(Number);
  return { folder, copies, base, ends, run, stateOf };
}

/** If the log of a file moves a chunk: from which address, and where the log begins; see flush_log.h. */
function movesOf(bytes: Buffer): { from: number; begin: number } | undefined {
  const trailer = bytes.subarray(-48);
  if (trailer.toString('latin1', 1, 8) !== 'HSFLUSH') return undefined;
  const number = (at: number) => bytes.readBigUInt64LE(at);
  const begin = Number(trailer.readBigUInt64LE(8));
  for (let at = begin; at < bytes.length - 48; ) {
    const from = number(at + 16);
    if (from < BigInt(begin)) return { from: Number(from), begin };
    at += 32 + Number(number(at + 8));
  }
  return undefined;
}

const readByH5py = async (paths: readonly string[]) =>
  (await runPython(SCRIPT, ['read', ...paths])) as string[];

const faults = canFault
  ? ({ available: true, path: 'gcc' } as const)
  : ({ available: false, reason: 'faults need Linux and gcc' } as const);

describeInterop(
  'an interrupted flush',
  () => {
    test.each(['earliest', 'v110'])(
      'an interruption before any write leaves the file as of the last flush or as of this one, libver %s',
      async (libver) => {
        const { copies, ends, stateOf } = await prepare(libver);
        const numbers = Array.from({ length: readdirSync(copies).length }, (_, number) => number);
        expect(numbers.length).toBeGreaterThan(30);
        const found = await stateOf(numbers.map((number) => join(copies, `${number}.h5`)));
        const flushed = numbers.map((number) => ends.filter((end) => end <= number).length);
        for (const number of numbers) expect([0, 1]).toContain(found[number] - flushed[number]);
        // Each flush was interrupted both before and after its log was complete.
        expect(new Set(found.map((state, number) => `${flushed[number]} ${state}`)).size).toBe(6);
      },
    );

    test.each(['earliest', 'v110'])(
      'writes that the system refuses leave the file as of the last flush or as of this one, libver %s',
      async (libver) => {
        const { base, run, stateOf } = await prepare(libver);
        const { code, lines } = await run(FAILING, base, { call: WRITES, path: 'none yet' });
        expect(code).toBe(0);
        const runs: { path: string; flushed: number; message: string }[] = lines.map((line) =>
          JSON.parse(line),
        );
        expect(runs.length).toBeGreaterThan(30);
        const found = await stateOf(runs.map(({ path }) => path));
        for (const [at, { flushed, message }] of runs.slice(0, -1).entries()) {
          expect(message).toContain('nput/output error');
          expect([0, 1], message).toContain(found[at] - flushed);
          if (/will be completed when the file is opened again/.test(message))
            expect(found[at]).toBe(flushed + 1);
        }
        expect(runs.at(-1)?.flushed).toBe(3);
      },
    );

    test('a killed process leaves the file as of the last flush or as of this one', async () => {
      const { folder, base, ends, run, stateOf } = await prepare('earliest');
      // The last write of a flush cuts its log off, and the write before is in place.
      for (const [at, after] of [1, ends[0] - 2, ends[1] - 2, ends[2] - 12].entries()) {
        const path = join(folder, `killed${at}.h5`);
        copyFileSync(base, path);
        const fault = { call: WRITES, path: `/killed${at}.h5`, after, code: 'kill' } as const;
        const { code, lines } = await run(KILLED, path, fault);
        expect(code).toBe('SIGKILL');
        const size = statSync(path).size;
        const [state] = await stateOf([path]);
        expect([0, 1]).toContain(state - lines.length);
        if (at === 1 || at === 2) expect(state).toBe(lines.length + 1);
        if (at === 1 || at === 2) expect(statSync(path).size).toBeLessThan(size);
      }
    });

    test('a file is refused if chunks that complete its flush were damaged since', async () => {
      const { copies } = await prepare('earliest');
      const paths = readdirSync(copies).map((name) => join(copies, name));
      const found = paths.flatMap((path) => {
        const moved = movesOf(readFileSync(path));
        return moved ? [{ path, ...moved }] : [];
      });
      expect(found.length).toBeGreaterThan(0);
      const [{ path, from, begin }] = found;
      patch(path, from, 1, ([byte]) => Uint8Array.of(byte ^ 1));
      const left = readFileSync(path);
      for (const mode of ['r', 'r+'] as const) {
        const error = await rejection(open(path, mode));
        expect(error).toBeInstanceOf(Hdf5Error);
        expect((error as Error).message).toBe(
          `H5Fopen failed for ${path}: a flush of ${path} was interrupted, and chunks that complete it are ` +
            `damaged; \`truncate -s ${begin}\` leaves it incomplete`,
        );
        expect(readFileSync(path).equals(left)).toBe(true);
      }
    });
  },
  faults,
  python,
);

describeInterop(
  'signals that interrupt calls of the system',
  () => {
    test('signals that interrupt system calls change nothing and do not unlock the file', async () => {
      const { folder, base, run, stateOf } = await prepare('earliest');
      const calls = ['flock', ...WRITES] as const;
      const paths = calls.map((call) => join(folder, `${call}.h5`));
      for (const [at, call] of calls.entries()) {
        copyFileSync(base, paths[at]);
        const fault = { call, path: `/${call}.h5`, code: 'EINTR', times: 2 } as const;
        const { code, lines } = await run(SHARED, paths[at], fault);
        expect({ call, code, others: lines.slice(1) }).toEqual({
          call,
          code: 0,
          others: ['2', '3'],
        });
        expect(lines[0]).toContain('in use by another process, or by this one');
      }
      expect(await stateOf(paths)).toEqual([3, 3, 3, 3]);
    });
  },
  faults,
  python,
);
