/** One trial: converts a recording. Takes its options as JSON, and prints its outcome as JSON. */
import { convert } from 'hyperslab';
import { describe, type Storage, storageOptions } from './description.js';
import { printOutcome } from './outcome.js';
import { CHANNELS, COLUMNS } from './recording.js';

export interface ConvertTrialOptions extends Storage {
  readonly source: string;
  readonly workers: number;
  readonly memory?: string;
}

const options = JSON.parse(process.argv[2]) as ConvertTrialOptions;

const description = describe(options.output, CHANNELS, {
  source: {
    type: 'raw',
    path: options.source,
    dtype: 'int16',
    shape: [null, COLUMNS],
    columns: `0:${CHANNELS}`,
  },
  ...storageOptions(options),
});

const { workers, memory } = options;
printOutcome(await convert(description, { workers, ...(memory && { memory }), overwrite: true }));
