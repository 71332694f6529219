/** One conversion by hyperslab, in a process of its own: options as JSON in, outcome as JSON out. */
import { convert, type Description } from 'hyperslab';
import { CHANNELS, COLUMNS, RATE } from './recording.js';

export interface ConvertTrialOptions {
  readonly source: string;
  readonly output: string;
  readonly chunks: readonly number[];
  readonly gzip: number | null;
  readonly workers: number;
  readonly memory?: string;
}

const options = JSON.parse(process.argv[2]) as ConvertTrialOptions;

const description: Description = {
  path: options.output,
  nwbfile: {
    sessionDescription: 'benchmark',
    identifier: 'benchmark',
    sessionStartTime: '2026-01-01T12:00:00+00:00',
  },
  devices: [{ name: 'probe', description: 'a probe' }],
  electrodeGroups: [{ name: 'shank', device: 'probe', location: 'CA1', description: 'a shank' }],
  electrodes: { count: CHANNELS, group: 'shank', location: 'CA1' },
  acquisition: [
    {
      type: 'ElectricalSeries',
      name: 'ElectricalSeries',
      rate: RATE,
      data: {
        source: {
          type: 'raw',
          path: options.source,
          dtype: 'int16',
          shape: [null, COLUMNS],
          columns: `0:${CHANNELS}`,
        },
        chunks: [...options.chunks],
        compression: options.gzip === null ? null : 'gzip',
        compressionOpts: options.gzip ?? 4,
      },
    },
  ],
};

const { workers, memory } = options;
const report = await convert(description, { workers, ...(memory && { memory }), overwrite: true });
const { chunkCount } = report.datasets[0];
console.log(
  JSON.stringify({
    seconds: report.seconds,
    rawBytes: report.rawBytes,
    storedBytes: report.storedBytes,
    peakRss: report.peakRss,
    stages: report.stages,
    chunkCount,
    placeMicroseconds: (report.stages.place / chunkCount) * 1e6,
  }),
);
