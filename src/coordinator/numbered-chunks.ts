import { copyPlacement, type Placements, unstoredPlacements } from '../hdf5/index.js';
import { isAscending } from '../layout/index.js';

/** Chunks of a dataset. Their numbers count in C order of the chunk grid, and ascend. */
export interface NumberedChunks {
  readonly numbers: Float64Array;
  readonly placements: Placements;
  /** Of the stored bytes; 0 for a chunk that is not stored. */
  readonly checksums: BigUint64Array;
  /** 1 if the bytes of the chunk are known to be on the disk, or in the cache of the running system. */
  readonly trusted: Uint8Array;
  /** For growing data, the rows that the dataset had when the chunk was sealed; else infinite. */
  readonly rows: Float64Array;
  /** Where in the journal the record of the chunk ends, in bytes. */
  readonly ends: Float64Array;
}

/** Chunks whose fields are all 0, and which are not stored. */
export function emptyChunks(count: number): NumberedChunks {
  return {
    numbers: new Float64Array(count),
    placements: unstoredPlacements(count),
    checksums: new BigUint64Array(count),
    trusted: new Uint8Array(count),
    rows: new Float64Array(count),
    ends: new Float64Array(count),
  };
}

/** The chunks for whose index `keep` returns true. */
export function selectChunks(
  chunks: NumberedChunks,
  keep: (at: number) => boolean,
): NumberedChunks {
  const kept: number[] = [];
  for (let at = 0; at < chunks.numbers.length; at++) if (keep(at)) kept.push(at);
  return pickChunks(chunks, kept);
}

/** The chunks with some indices, in the order of the indices. */
export function pickChunks(chunks: NumberedChunks, from: readonly number[]): NumberedChunks {
  if (from.length === chunks.numbers.length && isAscending(chunks.numbers)) return chunks;
  const picked = emptyChunks(from.length);
  for (const [to, at] of from.entries()) copyChunk(chunks, at, picked, to);
  return picked;
}

/** Joins lists that have no chunk in common. */
export function joinChunks(parts: readonly NumberedChunks[]): NumberedChunks {
  const full = parts.filter(({ numbers }) => numbers.length > 0);
  if (full.length === 1) return full[0];
  const sorted = full
    .flatMap((chunks) => Array.from(chunks.numbers, (number, at) => ({ chunks, at, number })))
    .sort((a, b) => a.number - b.number);
  const joined = emptyChunks(sorted.length);
  for (const [to, { chunks, at }] of sorted.entries()) copyChunk(chunks, at, joined, to);
  return joined;
}

function copyChunk(from: NumberedChunks, at: number, into: NumberedChunks, to: number): void {
  into.numbers[to] = from.numbers[at];
  copyPlacement(from.placements, at, into.placements, to);
  into.checksums[to] = from.checksums[at];
  into.trusted[to] = from.trusted[at];
  into.rows[to] = from.rows[at];
  into.ends[to] = from.ends[at];
}

/** The part of a dataset that an earlier run wrote. */
export interface RestoredDataset {
  readonly extent: readonly number[];
  readonly chunks: NumberedChunks;
}
