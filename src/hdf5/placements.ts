/**
 * Where chunks lie in a file. Each chunk takes three numbers (address, stored bytes, filter mask) in one array,
 * which crosses threads, reaches the addon and goes into journals without being converted.
 */
declare const isPlacements: unique symbol;

/** The placements of some chunks, in an order that the chunks' owner defines; see the functions of this file. */
export type Placements = Float64Array & { readonly [isPlacements]: true };

const NUMBERS = 3;

/** Bytes that one placement takes. */
export const PLACEMENT_BYTES: number = NUMBERS * Float64Array.BYTES_PER_ELEMENT;

/** In place of an address: the chunk is not stored, and readers see the fill value. */
const UNSTORED = -1;

/** In place of an address: the chunk was stored once, but its placement is no longer known. */
const LOST = -2;

/** Where one chunk lies. */
export interface Placement {
  /** Position of the chunk's first byte in the file. */
  readonly address: number;
  readonly storedBytes: number;
  /** Bit i is set if filter i was skipped. */
  readonly filterMask: number;
}

/** Treats an array of three numbers per chunk, as the addon and journals return it, as placements. Copies nothing. */
export function asPlacements(numbers: Float64Array): Placements {
  return numbers as Placements;
}

/** Placements of chunks that are not stored. */
export function unstoredPlacements(count: number): Placements {
  const numbers = new Float64Array(NUMBERS * count);
  for (let at = 0; at < numbers.length; at += NUMBERS) numbers[at] = UNSTORED;
  return asPlacements(numbers);
}

/** The placement of one stored chunk. */
export function placementOf({ address, storedBytes, filterMask }: Placement): Placements {
  return asPlacements(Float64Array.of(address, storedBytes, filterMask));
}

/** The number of chunks that have a placement. */
export function placementCount(placements: Placements): number {
  return placements.length / NUMBERS;
}

/** The placement of one chunk as a record; loops over many chunks read single numbers instead. */
export function placementAt(placements: Placements, at: number): Placement {
  return {
    address: addressOf(placements, at),
    storedBytes: storedBytesOf(placements, at),
    filterMask: filterMaskOf(placements, at),
  };
}

export function addressOf(placements: Placements, at: number): number {
  return placements[NUMBERS * at];
}

export function storedBytesOf(placements: Placements, at: number): number {
  return placements[NUMBERS * at + 1];
}

export function filterMaskOf(placements: Placements, at: number): number {
  return placements[NUMBERS * at + 2];
}

/** Whether a chunk has bytes in the file; if not, its address has no meaning. */
export function isStored(placements: Placements, at: number): boolean {
  return placements[NUMBERS * at] >= 0;
}

/** Whether a chunk was marked by {@link markLost}. */
export function isLost(placements: Placements, at: number): boolean {
  return placements[NUMBERS * at] === LOST;
}

/** Marks the chunks from `first` to before `end` as lost: their placements are no longer known. */
export function markLost(placements: Placements, first: number, end: number): void {
  placements.fill(LOST, NUMBERS * first, NUMBERS * end);
}

/** A copy of the placements from `first` to before `end`; sending a view to another thread would copy all numbers. */
export function slicePlacements(placements: Placements, first: number, end: number): Placements {
  return asPlacements(placements.slice(NUMBERS * first, NUMBERS * end));
}

/** A view of the placements from `first` to before `end`. */
export function viewPlacements(placements: Placements, first: number, end: number): Placements {
  return asPlacements(placements.subarray(NUMBERS * first, NUMBERS * end));
}

/** Copies `placements` into `into`, from chunk `at` on. */
export function putPlacements(into: Placements, at: number, placements: Placements): void {
  into.set(placements, NUMBERS * at);
}

/** Copies one placement; a loop of these is faster than views when the chunks are not neighbours. */
export function copyPlacement(from: Placements, at: number, into: Placements, to: number): void {
  for (let part = 0; part < NUMBERS; part++) into[NUMBERS * to + part] = from[NUMBERS * at + part];
}

/** Concatenates placements. */
export function joinPlacements(parts: readonly Placements[]): Placements {
  const joined = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return asPlacements(joined);
}

/** Total size of the stored chunks, in bytes. */
export function totalStoredBytes(placements: Placements): number {
  let bytes = 0;
  for (let at = 1; at < placements.length; at += NUMBERS) bytes += placements[at];
  return bytes;
}
