import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConversionPlan,
  type Description,
  plan,
  type SourceSpec,
} from '../../../src/index.js';
import { description, tempFolder } from '../../support/recordings.js';
import { bytesOf } from './signals.js';

export type Series = NonNullable<Description['acquisition']>[number];
type Electrical = Extract<Series, { type: 'ElectricalSeries' }>;
type Plain = Extract<Series, { type: 'TimeSeries' }>;
type RawSource = Extract<SourceSpec, { type: 'raw' }>;

/** Volts per count of Neuropixels 1.0 at a gain of 500. */
export const GAIN = 2.34375e-6;

let files = 0;

/** Writes bytes, or the bytes of items, into a new file of a folder, and returns its path. */
export function written(folder: string, data: ArrayBufferView): string {
  const path = join(folder, `data-${files++}.bin`);
  writeFileSync(path, bytesOf(data));
  return path;
}

/** A raw source of a new file. */
export function raw(
  folder: string,
  data: ArrayBufferView,
  dtype: RawSource['dtype'],
  shape: RawSource['shape'],
  fields: Partial<RawSource> = {},
): RawSource {
  return { type: 'raw', path: written(folder, data), dtype, shape, ...fields };
}

/** An ElectricalSeries at 30 kHz. */
export function electrical(data: Electrical['data'], fields: Partial<Electrical> = {}): Series {
  const time = fields.timestamps === undefined ? { rate: 30_000 } : {};
  return { type: 'ElectricalSeries', name: 'x', conversion: GAIN, data, ...time, ...fields };
}

export function plain(data: Plain['data'], fields: Partial<Plain> = {}): Series {
  const time = fields.timestamps === undefined ? { rate: 1000 } : {};
  return { type: 'TimeSeries', name: 'x', unit: 'm', data, ...time, ...fields };
}

/** Plans a series with the given number of electrodes, in a description that has no warnings of its own. */
export async function planned(
  make: (folder: string) => Series,
  channels = 1,
): Promise<ConversionPlan> {
  const folder = tempFolder();
  const series = make(folder);
  const electrodes = {
    devices: [{ name: 'probe' }],
    electrodeGroups: [{ name: 'shank', device: 'probe', location: 'CA1', description: 'one' }],
    electrodes: { count: channels, group: 'shank', location: 'CA1' },
  };
  const base = description(join(folder, 'a.nwb'), [series], {
    ...(series.type === 'ElectricalSeries' && electrodes),
  });
  const subject = { subjectId: 'm1', species: 'Mus musculus', sex: 'M', age: 'P90D' };
  return plan({ ...base, nwbfile: { ...base.nwbfile, subject } } as Description, { workers: 1 });
}
