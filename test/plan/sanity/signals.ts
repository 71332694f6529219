import { uniform } from '../../../src/cli/demo/random.js';

/** What a synthetic recording is made of; amplitudes in counts. */
export interface Ingredients {
  readonly seed?: number;
  /** Standard deviation of the noise of each channel. */
  readonly noise?: number;
  /** Share of the noise that a channel has in common with the one before. */
  readonly shared?: number;
  /** Standard deviation of the slow 1/f part. */
  readonly slow?: number;
  /** Largest amplitude of spikes. */
  readonly spikes?: number;
  /** Largest constant offset of a channel. */
  readonly offsets?: number;
}

/** Normally distributed numbers, as a sum of uniform ones. */
export function normal(random: () => number): () => number {
  return () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random();
    return sum;
  };
}

/** Samples x channels of an extracellular recording, one row after the other, as float64. */
export function recordingOf(
  rows: number,
  channels: number,
  { seed = 1, noise = 6, shared = 0.5, slow = 30, spikes = 120, offsets = 8 }: Ingredients = {},
): Float64Array {
  const random = uniform(seed);
  const gauss = normal(random);
  const values = new Float64Array(rows * channels);
  const level = Float64Array.from({ length: channels }, () => (2 * random() - 1) * offsets);
  const field = slowField(channels, gauss);
  for (let row = 0; row < rows; row++) {
    const waves = field();
    let common = 0;
    for (let channel = 0; channel < channels; channel++) {
      common = shared * common + Math.sqrt(1 - shared ** 2) * gauss();
      values[row * channels + channel] = level[channel] + noise * common + slow * waves[channel];
    }
  }
  addSpikes(values, rows, channels, spikes, random);
  return values;
}

/** A 1/f process, as a sum of low-passed noise of several time constants, each spread over some of the channels. */
function slowField(channels: number, gauss: () => number): () => Float64Array {
  const constants = [30, 100, 300, 1000, 3000];
  const sources = constants.map((constant, index) => {
    const center = ((index + 0.5) / constants.length) * channels;
    const width = Math.max(1, channels / 3);
    const weights = Float64Array.from({ length: channels }, (_, channel) =>
      Math.exp(-(((channel - center) / width) ** 2)),
    );
    return { decay: Math.exp(-1 / constant), state: gauss(), weights };
  });
  const sum = new Float64Array(channels);
  return () => {
    sum.fill(0);
    for (const source of sources) {
      const { decay, weights } = source;
      source.state = decay * source.state + Math.sqrt(1 - decay ** 2) * gauss();
      for (let channel = 0; channel < channels; channel++)
        sum[channel] += source.state * weights[channel];
    }
    return sum;
  };
}

function addSpikes(
  values: Float64Array,
  rows: number,
  channels: number,
  largest: number,
  random: () => number,
): void {
  const count = Math.ceil((rows * channels) / 4000);
  for (let spike = 0; spike < count; spike++) {
    const first = Math.floor(random() * rows);
    const center = Math.floor(random() * channels);
    const amplitude = largest * (0.3 + 0.7 * random());
    for (let row = first; row < Math.min(rows, first + 40); row++)
      for (
        let channel = Math.max(0, center - 6);
        channel < Math.min(channels, center + 7);
        channel++
      )
        values[row * channels + channel] -=
          amplitude *
          Math.exp(-Math.abs(channel - center) / 2) *
          Math.exp(-(((row - first - 12) / 4) ** 2));
  }
}

export function int16(values: ArrayLike<number>, factor = 1, offset = 0): Int16Array {
  return Int16Array.from({ length: values.length }, (_, at) =>
    Math.round(factor * values[at] + offset),
  );
}

export function uint16(values: ArrayLike<number>, factor = 1, offset = 0): Uint16Array {
  return Uint16Array.from({ length: values.length }, (_, at) =>
    Math.round(factor * values[at] + offset),
  );
}

export function int32(values: ArrayLike<number>, factor = 1): Int32Array {
  return Int32Array.from({ length: values.length }, (_, at) => Math.round(factor * values[at]));
}

export function float32(values: ArrayLike<number>, factor = 1): Float32Array {
  return Float32Array.from({ length: values.length }, (_, at) => factor * values[at]);
}

export function float64(values: ArrayLike<number>, factor = 1): Float64Array {
  return Float64Array.from({ length: values.length }, (_, at) => factor * values[at]);
}

/** Rows and columns exchanged. */
export function transposed<T extends Int16Array | Float32Array>(values: T, columns: number): T {
  const rows = values.length / columns;
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]) as T;
}

/** The bytes of items, with the bytes of each item reversed. */
export function swapped(values: Int16Array | Int32Array | Float32Array): Buffer {
  const bytes = bytesOf(values);
  return values.BYTES_PER_ELEMENT === 2 ? bytes.swap16() : bytes.swap32();
}

/** A copy of the bytes of items. */
export function bytesOf(values: ArrayBufferView): Buffer {
  return Buffer.from(
    new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength),
  );
}
