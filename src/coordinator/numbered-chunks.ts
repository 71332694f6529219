import { copyPlacement, type Placements, unstoredPlacements } from '../hdf5/index.js';
import { isAscending } from '../layout/index.js';

/** Chunks of a dataset, by their numbers in C order of the chunk grid, which ascend. */
export interface NumberedChunks {
  readonly numbers: Float64Array;
  readonly placements: Placements;
  readonly checksums: BigUint64Array;
  /** 1 where its bytes are known to be on the disk, or to be safe with the running system at least. */
  readonly trusted: Uint8Array;
  /** For data that grow, the rows of the dataset when the chunk was taken to be written; else infinite. */
  readonly rows: Float64Array;
  /** Where in the journal the record of each chunk ends, bytes. */
  readonly ends: Float64Array;
}

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

/** The chunks for which `keep`, asked for each of them, says so. */
export function selectChunks(
  chunks: NumberedChunks,
  keep: (at: number) => boolean,
): NumberedChunks {
  const kept: number[] = [];
  for (let at = 0; at < chunks.numbers.length; at++) if (keep(at)) kept.push(at);
  return pickChunks(chunks, kept);
}

/** The chunks at some places, in that order. */
export function pickChunks(chunks: NumberedChunks, from: readonly number[]): NumberedChunks {
  if (from.length === chunks.numbers.length && isAscending(chunks.numbers)) return chunks;
  const picked = emptyChunks(from.length);
  for (const [to, at] of from.entries()) copyChunk(chunks, at, picked, to);
  return picked;
}

/** All chunks of some that have none in common. */
export function joinChunks(parts: readonly NumberedChunks[]): NumberedChunks {
  const full = parts.filter(({ numbers }) => numbers.length > 0);
  if (full.length === 1) return full[0];
  const places = full
    .flatMap((chunks) => Array.from(chunks.numbers, (number, at) => ({ chunks, at, number })))
    .sort((a, b) => a.number - b.number);
  const joined = emptyChunks(places.length);
  for (const [to, { chunks, at }] of places.entries()) copyChunk(chunks, at, joined, to);
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
