import { readFileSync, writeFileSync } from 'node:fs';
import { library } from './built.js';
import { copyOf, type Interrupted, Workshop } from './interrupted.js';
import { headerEnd } from './kills/left.js';
import { type Part, runCases } from './part.js';
import { Random } from './random.js';

/** A conversion that takes longer hangs. */
const MAX_MS = 60_000;
/** Number of interrupted conversions. Each of them serves many cases. */
const BEGUN = 4;

/** Damages journals. Each must be refused, or resumed to an equal file. */
export const journalFuzz: Part = {
  name: 'journal-fuzz',
  async run(options) {
    const workshop = new Workshop(options.folder, 'tiny');
    const end = performance.now() + 1000 * options.seconds;
    const begun: Interrupted[] = [];
    for (let at = 0; at < BEGUN; at++)
      begun.push(await workshop.interrupt(`begun-${at}`, new Random(options.seed, -1 - at)));
    let refused = 0;
    const done = await runCases(
      options,
      () => performance.now() > end,
      async (number) => {
        const random = new Random(options.seed, number);
        const one = random.pick(begun);
        const path = copyOf(one, workshop.pathIn('mutated'));
        const journal = `${path}.journal`;
        writeFileSync(journal, mutated(readFileSync(journal), random));
        try {
          const signal = AbortSignal.timeout(MAX_MS);
          await library.resume(path, { workers: 1, signal, check: random.chance(0.2) });
        } catch (error) {
          if (!(error instanceof library.OutputError)) throw error;
          refused++;
          return;
        }
        await workshop.checkStored(path, one.scenario);
      },
    );
    return { summary: `${done} journals, ${refused} refused, the others resumed to equal files` };
  },
};

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** A position in a journal: rarely in the header, because that is always refused, and often near the end. */
function place(bytes: Buffer, random: Random): number {
  const { length } = bytes;
  const behind = Math.min(headerEnd(bytes), length);
  const [begin, end] = random.pick([
    [0, Math.min(60, length)],
    [0, length],
    [behind, length],
    [behind, length],
    [behind, length],
    [Math.max(0, length - 400), length],
    [Math.max(0, length - 400), length],
  ]);
  return random.whole(begin, end);
}

const MUTATIONS: readonly Mutation[] = [
  // Cut.
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  // A bit flipped.
  (bytes, random) => {
    const at = place(bytes, random);
    if (at < bytes.length) bytes[at] ^= 1 << random.whole(0, 8);
    return bytes;
  },
  // Bytes replaced.
  (bytes, random) => {
    const at = place(bytes, random);
    const count = random.whole(1, random.pick([4, 300]));
    for (let i = at; i < Math.min(at + count, bytes.length); i++)
      bytes[i] = random.pick([0, 0xff, random.whole(0, 256)]);
    return bytes;
  },
  // A part inserted elsewhere.
  (bytes, random) => {
    const from = place(bytes, random);
    const part = bytes.subarray(from, from + random.whole(0, 500));
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  },
  // A part removed.
  (bytes, random) => {
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.whole(0, 500))]);
  },
  // Lengthened.
  (bytes, random) => {
    const more = Buffer.alloc(random.whole(1, 5000), random.pick([0, 0xff, 0x41]));
    return Buffer.concat([bytes, more]);
  },
];

function mutated(journal: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(journal);
  for (let count = random.pick([1, 1, 1, 2, 5]); count > 0 && bytes.length > 0; count--)
    bytes = random.pick(MUTATIONS)(bytes, random);
  return bytes;
}
