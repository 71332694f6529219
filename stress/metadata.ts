import { statSync, truncateSync } from 'node:fs';
import { cutSomewhere, scramble, scrambleRest } from './broken.js';
import { library } from './built.js';
import { type Interrupted, Workshop } from './interrupted.js';
import type { OnRecord } from './kills/left.js';
import { type Part, runCases } from './part.js';
import { Random } from './random.js';

const CASES = 40;

type Harm = 'metadata' | 'cut' | 'emptied' | 'anything';

/** Damages the partial file in ways that a resume must notice. */
export const metadata: Part = {
  name: 'metadata',
  async run(options) {
    const workshop = new Workshop(options.folder, 'small');
    const harms = new Map<Harm, number>();
    await runCases(
      options,
      (done) => done >= CASES,
      async (number) => {
        const random = new Random(options.seed, number);
        const begun = await workshop.interrupt('begun', random);
        const harm = random.pick<Harm>(['metadata', 'metadata', 'cut', 'emptied', 'anything']);
        harms.set(harm, (harms.get(harm) ?? 0) + 1);
        const { chunks, check } = broken(begun, harm, random);
        const workers = random.whole(1, 4);
        const { chunksRestored } = await library.resume(begun.path, { workers, check });
        // With `check` there may be fewer, because any chunk may have been damaged.
        if (check ? chunksRestored > chunks.size : chunksRestored !== chunks.size)
          throw new Error(`${chunksRestored} chunks were restored of ${chunks.size}`);
        await workshop.check(begun.path, begun.scenario, check ? new Map() : chunks);
      },
    );
    const parts = [...harms].map(([harm, count]) => `${count} ${harm}`);
    return { summary: `${CASES} broken partial files (${parts.join(', ')}), all resumed` };
  },
};

/** Damages a partial file. Returns its remaining chunks, and whether `check` is needed to find damaged ones. */
function broken(
  { path, left: { chunks } }: Interrupted,
  harm: Harm,
  random: Random,
): { chunks: ReadonlyMap<string, OnRecord>; check: boolean } {
  const partial = `${path}.partial`;
  switch (harm) {
    case 'metadata':
      scrambleRest(partial, chunks, random);
      return { chunks, check: false };
    case 'cut':
      return { chunks: within(chunks, cutSomewhere(partial, random)), check: false };
    case 'emptied':
      truncateSync(partial);
      return { chunks: within(chunks, 0), check: false };
    case 'anything': {
      const { size } = statSync(partial);
      for (let count = random.whole(1, 20); count > 0; count--) {
        const address = random.whole(0, size);
        const most = random.pick([2, 100, 100_000]);
        scramble(partial, address, Math.min(size - address, random.whole(1, most)), random);
      }
      return { chunks, check: true };
    }
  }
}

/** The chunks that end within the first `size` bytes of the file, and those that are not stored. */
function within(chunks: ReadonlyMap<string, OnRecord>, size: number): Map<string, OnRecord> {
  return new Map(
    [...chunks].filter(
      ([, { address, storedBytes }]) => address < 0 || address + storedBytes <= size,
    ),
  );
}
