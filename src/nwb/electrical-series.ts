import type { ElectrodeRow, ResolvedSeries } from '../description/index.js';
import { within } from '../hyperslab-error.js';
import type { SourceInfos } from './bulk-info.js';
import { showShape } from './checks.js';
import { type TreeContext, typed } from './context.js';
import { ELECTRODES_PATH } from './electrodes.js';
import { NwbError } from './errors.js';
import { dataset, type GroupNode, group, type Node } from './node.js';
import { seriesParts } from './time-series.js';
import { float64s, int32, int32s, reference, text } from './values.js';

type ElectricalSeries = Extract<ResolvedSeries, { type: 'ElectricalSeries' }>;

/**
 * An ElectricalSeries in volts. Its data are time, time x channels, or time x channels x samples.
 *
 * @throws {NwbError} if the number of electrodes or channel conversions is not the number of channels
 */
export function electricalSeries(
  series: ElectricalSeries,
  table: readonly ElectrodeRow[],
  infos: SourceInfos,
  context: TreeContext,
): GroupNode {
  const where = `acquisition/${series.name}`;
  const kind = { unit: 'volts', role: 'electrical', rank: 3 } as const;
  const { attributes, children, shape } = seriesParts(series, kind, infos, context);
  const rows = within('electrodes', () => checkElectrodes(series, table, shape, where));
  const region = dataset(int32s(rows), {
    ...typed(context, 'hdmf-common', 'DynamicTableRegion'),
    description: text(rows.length === table.length ? 'all electrodes' : 'recorded electrodes'),
    table: reference(ELECTRODES_PATH),
  });
  const all: (readonly [string, Node])[] = [...children, ['electrodes', region]];
  if (series.channelConversion) {
    const { channelConversion } = series;
    const factors = within('channelConversion', () =>
      checkChannelConversion(channelConversion, shape, where),
    );
    all.push(['channel_conversion', dataset(float64s(factors), { axis: int32(1) })]);
  }
  const { filtering } = series;
  return group(
    { ...attributes, ...(filtering !== undefined && { filtering: text(filtering) }) },
    all,
  );
}

function checkElectrodes(
  series: ElectricalSeries,
  table: readonly ElectrodeRow[],
  shape: readonly number[],
  where: string,
): readonly number[] {
  if (table.length === 0)
    throw new NwbError({ name: where, expected: 'an electrodes table', received: 'none' });
  const rows = series.electrodes ?? table.map((_, index) => index);
  const outside = rows.find((row) => row >= table.length);
  if (outside !== undefined) {
    const expected = `rows of the electrodes table (0 to ${table.length - 1})`;
    throw new NwbError({ name: `${where}/electrodes`, expected, received: `${outside}` });
  }
  const channels = shape[1] ?? 1;
  if (rows.length !== channels) {
    const noun = channels === 1 ? 'electrode' : 'electrodes';
    const expected = `${channels} ${noun}, one for each channel (the data are ${showShape(shape)}),`;
    throw new NwbError({ name: where, expected, received: `${rows.length}` });
  }
  return rows;
}

function checkChannelConversion(
  factors: readonly number[],
  shape: readonly number[],
  where: string,
): readonly number[] {
  const name = `${where}/channel_conversion`;
  const channels = shape[1];
  if (channels === undefined)
    throw new NwbError({ name, expected: 'data with channels', received: showShape(shape) });
  if (factors.length !== channels) {
    throw new NwbError({
      name,
      expected: `${channels} factors, one for each channel,`,
      received: `${factors.length}`,
    });
  }
  return factors;
}
