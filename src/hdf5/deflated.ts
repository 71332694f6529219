/**
 * What deflate made of the bytes that it was given: bytes of chunks, before. A block of a chunk is coded as
 * what is smallest.
 */
export interface DeflatedBytes {
  /** In blocks of literals alone. */
  readonly literals: number;
  /** In blocks with runs: repeats of what lies a fixed distance before. */
  readonly runs: number;
  /** In blocks with matches, which have to be looked for. */
  readonly matches: number;
  /** That do not shrink. */
  readonly stored: number;
  /** In chunks of which matches are the better part: those are left to libdeflate. */
  readonly library: number;
}

export const NOTHING_DEFLATED: DeflatedBytes = {
  literals: 0,
  runs: 0,
  matches: 0,
  stored: 0,
  library: 0,
};

export function sumDeflated(a: DeflatedBytes, b: DeflatedBytes): DeflatedBytes {
  return {
    literals: a.literals + b.literals,
    runs: a.runs + b.runs,
    matches: a.matches + b.matches,
    stored: a.stored + b.stored,
    library: a.library + b.library,
  };
}
