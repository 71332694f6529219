import { open, rename, rm } from 'node:fs/promises';
import { endianness } from 'node:os';
import type { ProgressDone } from '../progress.js';
import { normalTable, uniform } from './random.js';
import { SlowWaves } from './slow-waves.js';
import { SPIKE_SAMPLES, Spikes } from './spikes.js';

/** Channels of a Neuropixels 1.0 probe. The recording has one more column, for synchronisation pulses. */
export const CHANNELS = 384;
export const COLUMNS = CHANNELS + 1;
/** Samples per second. */
export const RATE = 30_000;
export const ROW_BYTES = COLUMNS * Int16Array.BYTES_PER_ELEMENT;

/** Standard deviation in least significant bits: a probe in saline at a gain of 500. */
const NOISE_SIGMA = 6;
const BLOCK_SAMPLES = 6_000;
/** Slow waves are interpolated linearly over this many samples (1 ms). */
const LINE_SAMPLES = 30;
/** The bit of the Neuropixels status word that carries the pulse: set for half of every second. */
const SYNC = 64;

/**
 * Writes a recording in the layout of SpikeGLX: int16, samples x columns. The bytes depend on the length
 * only, not on the machine. The file gets its name when it is complete.
 */
export async function writeRecording(
  path: string,
  samples: number,
  signal: AbortSignal,
  onProgress: (done: ProgressDone) => void,
): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const file = await open(partial, 'w');
    try {
      let bytesRead = 0;
      for (const block of recordingBlocks(samples)) {
        signal.throwIfAborted();
        await file.writeFile(block).catch((cause: Error) => {
          throw new Error(`writing ${partial}: ${cause.message}`, { cause });
        });
        bytesRead += block.length;
        onProgress({ bytesRead, bytesPlanned: samples * ROW_BYTES });
      }
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** The recording in little-endian blocks; each block is valid until the next one is requested. */
export function* recordingBlocks(samples: number): Generator<Uint8Array, void, undefined> {
  const table = normalTable(NOISE_SIGMA);
  const waves = new SlowWaves(CHANNELS, RATE, uniform(1));
  const spikes = new Spikes(CHANNELS, RATE);
  const rows = new Int16Array((BLOCK_SAMPLES + SPIKE_SAMPLES) * COLUMNS);
  let noise = 1;
  for (let from = 0; from < samples; from += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, samples - from);
    spikes.add(from, count, rows, COLUMNS);
    noise = addBackground(rows, from, count, waves, table, noise);
    const block = new Uint8Array(rows.buffer, 0, count * ROW_BYTES);
    if (endianness() === 'BE') Buffer.from(rows.buffer, 0, block.length).swap16();
    yield block;
    // Keep the rows of spikes that continue in the next block.
    rows.copyWithin(0, count * COLUMNS, (count + SPIKE_SAMPLES) * COLUMNS);
    rows.fill(0, SPIKE_SAMPLES * COLUMNS);
  }
}

/**
 * Adds noise and slow waves to the channels, and sets the pulses.
 *
 * @returns the state of the noise generator, for the next block
 */
function addBackground(
  rows: Int16Array,
  from: number,
  count: number,
  waves: SlowWaves,
  table: Int8Array,
  noise: number,
): number {
  const level = new Float64Array(CHANNELS);
  const slope = new Float64Array(CHANNELS);
  let x = noise;
  let at = 0;
  for (let row = 0; row < count; row++) {
    const sample = from + row;
    if (row % LINE_SAMPLES === 0) {
      waves.levels(sample, level);
      waves.levels(sample + LINE_SAMPLES, slope);
      for (let channel = 0; channel < CHANNELS; channel++)
        slope[channel] = (slope[channel] - level[channel]) / LINE_SAMPLES;
    }
    // xorshift32 (Marsaglia 2003); each half of a number is one draw from the table.
    for (let channel = 0; channel < CHANNELS; channel += 2, at += 2) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      rows[at] += table[x & 0xffff] + level[channel];
      rows[at + 1] += table[x >>> 16] + level[channel + 1];
      level[channel] += slope[channel];
      level[channel + 1] += slope[channel + 1];
    }
    rows[at++] = sample % RATE < RATE / 2 ? SYNC : 0;
  }
  return x;
}
