/**
 * How deflate encoded the bytes of chunks, counted before compression. Each block of a chunk is encoded in
 * the way that makes it smallest.
 */
export interface DeflatedBytes {
  /** Bytes in blocks of literals only. */
  readonly literals: number;
  /** Bytes in blocks with runs, i.e. repeats at one fixed distance. */
  readonly runs: number;
  /** Bytes in blocks with matches, which take a search. */
  readonly matches: number;
  /** Bytes in blocks that don't get smaller. */
  readonly stored: number;
  /** Bytes in chunks that consist mostly of matches; libdeflate encodes them. */
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
