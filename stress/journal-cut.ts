import { truncateSync } from 'node:fs';
import { scrambleRest } from './broken.js';
import { Journal, library } from './built.js';
import { copyOf, type Interrupted, Workshop } from './interrupted.js';
import { type Part, runCases } from './part.js';
import { Random } from './random.js';

/** How many of the last records are cut at each of their bytes. */
const RECORDS = 3;
/** Number of additional cuts anywhere after the header. */
const ANYWHERE = 40;

/** Cuts the journal of a conversion, and checks that only bytes which are still on record are used. */
export const journalCut: Part = {
  name: 'journal-cut',
  async run(options) {
    const workshop = new Workshop(options.folder, 'tiny');
    const begun = await workshop.interrupt('begun', new Random(options.seed));
    const cuts = cutsOf(begun, new Random(options.seed, 1));
    const done = await runCases(
      options,
      (number) => number >= cuts.length,
      async (number) => {
        const random = new Random(options.seed, number + 2);
        const path = copyOf(begun, workshop.pathIn('cut'));
        truncateSync(`${path}.journal`, cuts[number]);
        const { chunks } = workshop.look(path);
        scrambleRest(`${path}.partial`, chunks, random);
        const { chunksRestored } = await library.resume(path, { workers: 2 });
        if (chunksRestored !== chunks.size)
          throw new Error(`${chunksRestored} chunks were restored of ${chunks.size} on record`);
        await workshop.checkStored(path, begun.scenario, chunks);
      },
    );
    return { summary: `${done} cuts, all resumed to equal files` };
  },
};

/** Lengths to which the journal is cut: at each byte of its last records, and at some other positions. */
function cutsOf({ path, left }: Interrupted, random: Random): number[] {
  const ends = recordEnds(`${path}.journal`);
  const first = ends.at(-RECORDS - 1) ?? left.headerBytes;
  const last = Array.from({ length: left.bytes - first + 1 }, (_, at) => first + at);
  const others = Array.from({ length: ANYWHERE }, () => random.whole(left.headerBytes, first));
  return [...last, ...others];
}

function recordEnds(path: string): number[] {
  const journal = Journal.claim(path);
  try {
    return Array.from(journal.records(), ({ end }) => end);
  } finally {
    journal.close();
  }
}
