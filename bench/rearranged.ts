import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CHANNELS, COLUMNS, recording } from './recording.js';

/** Samples that are rearranged at once. */
const BLOCK_SAMPLES = 16_384;

/** Number of columns of {@link columnwise}: as many as NeuroConv puts channels into one chunk. */
export const NARROW = 64;

/** Path of a recording without its sync channel, samples x 384. Made at the first call. */
export async function channelsOnly(folder: string, megabytes: number): Promise<string> {
  const source = await recording(folder, megabytes);
  return once(join(dirname(source), 'channels.bin'), (output) => {
    for (const { block, samples } of blocksOf(source)) {
      const channels = new Int16Array(samples * CHANNELS);
      for (let sample = 0; sample < samples; sample++) {
        const row = block.subarray(sample * COLUMNS, sample * COLUMNS + CHANNELS);
        channels.set(row, sample * CHANNELS);
      }
      writeSync(output, channels);
    }
  });
}

export interface Columnwise {
  readonly path: string;
  readonly rows: number;
}

/**
 * A recording rearranged to rows x 64 and stored column after column. Its rows are all samples of the first 64
 * channels, then of the next 64, and so on. Made at the first call.
 */
export async function columnwise(folder: string, megabytes: number): Promise<Columnwise> {
  const source = await recording(folder, megabytes);
  const samples = statSync(source).size / (2 * COLUMNS);
  const rows = samples * (CHANNELS / NARROW);
  const path = once(join(dirname(source), `columns-${NARROW}.bin`), (output) => {
    for (const { block, first, samples: count } of blocksOf(source)) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        const items = Int16Array.from({ length: count }, (_, at) => block[at * COLUMNS + channel]);
        const row = Math.floor(channel / NARROW) * samples + first;
        writeSync(output, items, 0, items.byteLength, 2 * ((channel % NARROW) * rows + row));
      }
    }
  });
  return { path, rows };
}

/** Writes a file unless it exists. It gets its name only when it is complete. */
function once(path: string, write: (output: number) => void): string {
  if (existsSync(path)) return path;
  const partial = `${path}.partial`;
  const output = openSync(partial, 'w');
  try {
    write(output);
  } finally {
    closeSync(output);
  }
  renameSync(partial, path);
  return path;
}

interface Block {
  /** Samples x 385, valid until the next block is requested. */
  readonly block: Int16Array;
  readonly first: number;
  readonly samples: number;
}

function* blocksOf(source: string): Generator<Block, void, undefined> {
  const block = new Int16Array(BLOCK_SAMPLES * COLUMNS);
  const file = openSync(source, 'r');
  try {
    for (let first = 0; ; ) {
      const samples = readSync(file, block) / (2 * COLUMNS);
      if (samples === 0) return;
      yield { block, first, samples };
      first += samples;
    }
  } finally {
    closeSync(file);
  }
}
