import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Description } from 'hyperslab';
import { Random } from './random.js';

/** How large a recording is, in samples of each of its parts. */
export interface Size {
  /** Samples of 65 int16 columns, and number of timestamps. */
  readonly samples: number;
  /** Samples in each of 8 uint16 files, one for each channel. */
  readonly stacked: number;
  /** Samples of 32 float64 columns, half of which are zero. */
  readonly sparse: number;
}

/** 45 MB in 1400 chunks, 3 MB in 107, and 1.2 MB in 46. */
export const SIZES = {
  full: { samples: 200_000, stacked: 600_000, sparse: 30_000 },
  small: { samples: 12_000, stacked: 40_000, sparse: 4000 },
  tiny: { samples: 5000, stacked: 30_000, sparse: 1000 },
} as const satisfies Record<string, Size>;

export const COMPRESSIONS = ['none', 'gzip', 'mixed'] as const;

/** With `mixed`, the datasets have different filters. */
export type Compression = (typeof COMPRESSIONS)[number];

const COLUMNS = 65;
const CHANNELS = 8;
const SPARSE_COLUMNS = 32;
/** In each stretch of this many rows of the sparse data, the first half holds values and the second zeros. */
const STRETCH = 2000;

/** Makes a recording of several kinds of sources, and a manifest for each compression. */
export function makeRecording(folder: string, { samples, stacked, sparse }: Size): void {
  mkdirSync(folder, { recursive: true });
  const random = new Random(1);
  const put = (name: string, { buffer }: ArrayBufferView) =>
    writeFileSync(join(folder, name), new Uint8Array(buffer as ArrayBuffer));
  put(
    'ap.bin',
    Int16Array.from({ length: samples * COLUMNS }, (_, at) => wave(at, random)),
  );
  for (let channel = 0; channel < CHANNELS; channel++)
    put(
      `ch${channel}.bin`,
      Uint16Array.from({ length: stacked }, (_, at) => 2000 * channel + 200 + wave(at, random)),
    );
  const values = Float64Array.from({ length: sparse * SPARSE_COLUMNS }, (_, at) =>
    Math.floor(at / SPARSE_COLUMNS) % STRETCH < STRETCH / 2 ? wave(at, random) / 7 : 0,
  );
  put('sparse.bin', values);
  put(
    'times.bin',
    Float64Array.from({ length: samples }, (_, at) => 10 + at / 30_000),
  );
  for (const compression of COMPRESSIONS)
    writeFileSync(manifestOf(folder, compression), JSON.stringify(describe(compression), null, 2));
}

export function manifestOf(folder: string, compression: Compression): string {
  return join(folder, `${compression}.json`);
}

function wave(at: number, random: Random): number {
  return Math.round(60 * Math.sin(at / 900) + 24 * random.next());
}

/** The options of `dataIO` for the data of all series and for the timestamps. */
function storageOf(compression: Compression) {
  const none = { compression: null };
  const gzip = { compression: 'gzip', compressionOpts: 6 } as const;
  switch (compression) {
    case 'none':
      return { ap: none, stacked: none, sparse: none, times: none };
    case 'gzip':
      return { ap: gzip, stacked: gzip, sparse: gzip, times: gzip };
    case 'mixed':
      return {
        ap: { ...gzip, compressionOpts: 1, fletcher32: true },
        stacked: { ...none, fletcher32: true },
        sparse: { ...gzip, shuffle: false },
        times: none,
      };
  }
}

/** Describes the recording. Its chunks are many and small, and those at the edges are not full. */
export function describe(compression: Compression): Description {
  const { ap, stacked, sparse, times } = storageOf(compression);
  const raw = { type: 'raw' } as const;
  return {
    path: 'session.nwb',
    nwbfile: {
      sessionDescription: 'a recording to be interrupted',
      identifier: 'stress',
      sessionStartTime: '2026-01-15T10:00:00+01:00',
      subject: { subjectId: 'm1', species: 'Mus musculus', sex: 'M', age: 'P90D' },
    },
    devices: [{ name: 'probe', description: 'a probe' }],
    electrodeGroups: [{ name: 'shank0', device: 'probe', location: 'CA1', description: 'a shank' }],
    electrodes: { count: COLUMNS - 1, group: 'shank0', location: 'CA1' },
    acquisition: [
      {
        type: 'ElectricalSeries',
        name: 'ap',
        conversion: 2e-6,
        timestamps: {
          source: { ...raw, path: 'times.bin', dtype: 'float64', shape: [null] },
          chunks: [4096],
          ...times,
        },
        data: {
          source: {
            ...raw,
            path: 'ap.bin',
            dtype: 'int16',
            shape: [null, COLUMNS],
            columns: '0:64',
          },
          chunks: [700, 24],
          ...ap,
        },
      },
      {
        type: 'TimeSeries',
        name: 'stacked',
        unit: 'n.a.',
        rate: 30_000,
        data: {
          source: {
            type: 'stack',
            files: 'ch*.bin',
            each: { ...raw, dtype: 'uint16', shape: [null] },
          },
          chunks: [9000, 3],
          ...stacked,
        },
      },
      {
        type: 'TimeSeries',
        name: 'sparse',
        unit: 'n.a.',
        rate: 1000,
        data: {
          source: { ...raw, path: 'sparse.bin', dtype: 'float64', shape: [null, SPARSE_COLUMNS] },
          chunks: [250, 16],
          skipFill: true,
          ...sparse,
        },
      },
    ],
  };
}
