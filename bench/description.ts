import type { Description } from 'hyperslab';
import { RATE } from './recording.js';

/** The data of a series, and how they are stored. */
export type SeriesData = NonNullable<Description['acquisition']>[number]['data'];

/** How a trial stores its data. */
export interface Storage {
  /** The file to write. */
  readonly output: string;
  readonly chunks: readonly number[];
  /** Level of gzip, with shuffle; null for no compression. */
  readonly gzip: number | null;
}

/** The options of `dataIO` for a trial's data. */
export function storageOptions({ chunks, gzip }: Storage) {
  return {
    chunks: [...chunks],
    compression: gzip === null ? null : ('gzip' as const),
    compressionOpts: gzip ?? 4,
  };
}

/** A description of a session with one ElectricalSeries. */
export function describe(path: string, channels: number, data: SeriesData): Description {
  return {
    path,
    nwbfile: {
      sessionDescription: 'benchmark',
      identifier: 'benchmark',
      sessionStartTime: '2026-01-01T12:00:00+00:00',
    },
    devices: [{ name: 'probe', description: 'a probe' }],
    electrodeGroups: [{ name: 'shank', device: 'probe', location: 'CA1', description: 'a shank' }],
    electrodes: { count: channels, group: 'shank', location: 'CA1' },
    acquisition: [{ type: 'ElectricalSeries', name: 'ElectricalSeries', rate: RATE, data }],
  };
}
