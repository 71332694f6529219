import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cellCount, Journal, Recorded } from '../built.js';

/** A chunk that is on record. */
export interface OnRecord {
  readonly address: number;
  readonly storedBytes: number;
  readonly checksum: bigint;
}

export const PHASES = [
  'before the journal',
  'before its header',
  'allocating',
  'running',
  'closing',
  'complete, without its name',
  'renamed, with its journal',
  'renamed, without its journal',
] as const;

/** How far a conversion had come when it was killed. */
export type Phase = (typeof PHASES)[number];

/** What a process left in the folder of its file. */
export interface Left {
  readonly phase: Phase;
  /** Whether there is a journal with a complete header. */
  readonly isBegun: boolean;
  /** The chunks on record, by the dataset's path and the chunk's number: `path#number`. */
  readonly chunks: ReadonlyMap<string, OnRecord>;
  /** Number of chunks of all datasets. */
  readonly chunkCount: number;
  /** Where the header of the journal ends. */
  readonly headerBytes: number;
  /** Where the last complete record of the journal ends. */
  readonly bytes: number;
}

/** @param scratch path for a copy of the journal, which is read instead, because reading locks it */
export function lookAt(path: string, scratch: string): Left {
  const isRenamed = existsSync(path);
  const nothing = { isBegun: false, chunks: new Map(), chunkCount: 0, headerBytes: 0, bytes: 0 };
  if (!existsSync(`${path}.journal`))
    return {
      ...nothing,
      phase: isRenamed ? 'renamed, without its journal' : 'before the journal',
    };
  const read = readJournal(`${path}.journal`, scratch);
  if (!read) return { ...nothing, phase: 'before its header' };
  const { isComplete, ...left } = read;
  if (isRenamed) return { ...left, phase: 'renamed, with its journal' };
  if (isComplete) return { ...left, phase: 'complete, without its name' };
  const { chunks, chunkCount } = left;
  if (chunks.size === 0) return { ...left, phase: 'allocating' };
  return { ...left, phase: chunks.size < chunkCount ? 'running' : 'closing' };
}

/** All chunks that a journal has on record. */
export function chunksOf(journal: string, scratch: string): ReadonlyMap<string, OnRecord> {
  return readJournal(journal, scratch)?.chunks ?? new Map();
}

/**
 * The chunks that a journal records after a position.
 *
 * @param headerBytes where its header ends
 * @param from where one of its records ends
 */
export function recordsBehind(
  journal: string,
  { headerBytes, bytes: from }: Pick<Left, 'headerBytes' | 'bytes'>,
  scratch: string,
): ReadonlyMap<string, OnRecord> {
  const all = readFileSync(journal);
  const behind = `${scratch}.behind`;
  writeFileSync(behind, Buffer.concat([all.subarray(0, headerBytes), all.subarray(from)]));
  try {
    return chunksOf(behind, scratch);
  } finally {
    rmSync(behind);
  }
}

/** @throws Error if chunks are recorded as lost, which only damage or a power failure may cause */
function readJournal(journal: string, scratch: string) {
  copyFileSync(journal, scratch);
  const copy = Journal.claim(scratch);
  try {
    const header = copy.header();
    if (!header) return undefined;
    const headerBytes = headerEnd(readFileSync(scratch));
    let bytes = headerBytes;
    for (const { record, end } of copy.records()) {
      if (record.kind === 'lost') throw new Error(`chunks of dataset ${record.dataset} are lost`);
      bytes = end;
    }
    const recorded = Recorded.of(copy, header.datasets.length);
    const chunks = new Map<string, OnRecord>();
    let chunkCount = 0;
    for (const [at, { spec }] of header.datasets.entries()) {
      const grid = { extent: spec.shape, cell: spec.layout.chunk };
      chunkCount += cellCount(grid);
      const { numbers, placements, checksums } = recorded.chunks(at, grid);
      for (const [row, number] of numbers.entries())
        chunks.set(`${spec.path}#${number}`, {
          address: placements[3 * row],
          storedBytes: placements[3 * row + 1],
          checksum: checksums[row],
        });
    }
    const isComplete = recorded.complete !== undefined;
    return { isBegun: true, isComplete, chunks, chunkCount, headerBytes, bytes };
  } finally {
    copy.close();
    rmSync(scratch);
  }
}

const FIRST_LINE = 'hyperslab journal\n';

/** Whether the header of a journal is complete. Until then, the file begins with another line. */
export function hasHeader(journal: Buffer): boolean {
  return journal.subarray(0, FIRST_LINE.length).equals(Buffer.from(FIRST_LINE));
}

/** Where the frame of the header ends: it follows the first line, and holds its length, a checksum and the header. */
export function headerEnd(journal: Buffer): number {
  const begin = FIRST_LINE.length;
  return journal.length < begin + 4 ? begin : begin + 12 + journal.readUInt32LE(begin);
}
