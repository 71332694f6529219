import {
  type BulkData,
  type InlineData,
  isBulk,
  type NumberArray,
  type ResolvedSeries,
} from '../description/index.js';
import { within } from '../hyperslab-error.js';
import type { DatasetKind } from '../layout/index.js';
import { growsInTime, type SourceInfos } from './bulk-info.js';
import { checkBulk, checkRank, checkTimestamps } from './checks.js';
import { type TreeContext, typed } from './context.js';
import { NwbError } from './errors.js';
import {
  type Attributes,
  type BulkNode,
  type DatasetNode,
  dataset,
  type GroupNode,
  group,
  type Node,
} from './node.js';
import { float64, float64s, int32, numbers, text } from './values.js';

/** The properties in which the kinds of TimeSeries differ. */
export interface SeriesKind {
  readonly unit: string;
  readonly role: DatasetKind;
  /** Largest number of axes of `data`. */
  readonly rank: number;
}

/** The parts that every kind of TimeSeries has. */
export interface SeriesParts {
  readonly attributes: Attributes;
  readonly children: readonly (readonly [string, Node])[];
  readonly shape: readonly number[];
}

/** A plain TimeSeries: 1 to 4 axes, any unit. */
export function timeSeries(
  series: Extract<ResolvedSeries, { type: 'TimeSeries' }>,
  infos: SourceInfos,
  context: TreeContext,
): GroupNode {
  const kind: SeriesKind = { unit: series.unit, role: 'generic', rank: 4 };
  const { attributes, children } = seriesParts(series, kind, infos, context);
  return group(attributes, children);
}

/**
 * Builds the parts that all kinds of TimeSeries share.
 *
 * @throws {NwbError} if rank, timestamps or storage options do not fit the data
 */
export function seriesParts(
  series: ResolvedSeries,
  kind: SeriesKind,
  infos: SourceInfos,
  context: TreeContext,
): SeriesParts {
  const where = `acquisition/${series.name}`;
  const data = within('data', () => dataNode(series, kind, infos, where));
  const shape = data.kind === 'bulk' ? data.shape : data.value.shape;
  within('data', () => checkRank(`${where}/data`, shape, kind.rank));
  const attributes = {
    ...typed(context, 'core', series.type),
    ...(series.description !== undefined && { description: text(series.description) }),
    ...(series.comments !== undefined && { comments: text(series.comments) }),
  };
  const samples = samplesOf(data, infos);
  const time = within('timestamps', () => timeNode(series, infos, where, samples));
  return { attributes, children: [['data', data], time], shape };
}

function dataNode(
  series: ResolvedSeries,
  kind: SeriesKind,
  infos: SourceInfos,
  where: string,
): BulkNode | DatasetNode {
  const attributes = {
    unit: text(kind.unit),
    conversion: float64(series.conversion),
    offset: float64(series.offset),
    resolution: float64(series.resolution),
    ...(series.continuity !== undefined && { continuity: text(series.continuity) }),
  };
  if (isBulk(series.data)) {
    return bulkNode(series.data, attributes, kind.role, infos, `${where}/data`);
  }
  return dataset(inlineValue(series.data), attributes);
}

const SCALE_HINT = "give a scale beside the source, such as 1e-6 or '1/30000' seconds";

function timeNode(
  series: ResolvedSeries,
  infos: SourceInfos,
  where: string,
  samples: number | undefined,
): [string, Node] {
  const { timestamps, rate } = series;
  if (timestamps === undefined) {
    if (rate === undefined)
      throw new NwbError({ name: where, expected: 'rate or timestamps', received: 'neither' });
    const attributes = { rate: float64(rate), unit: text('seconds') };
    return ['starting_time', dataset(float64(series.startingTime ?? 0), attributes)];
  }
  const name = `${where}/timestamps`;
  const attributes = { interval: int32(1), unit: text('seconds') };
  if (!isBulk(timestamps)) {
    checkTimestamps(name, { dtype: 'float64', shape: [timestamps.length] }, samples);
    return ['timestamps', dataset(float64s(timestamps), attributes)];
  }
  const node = bulkNode(timestamps, attributes, 'generic', infos, name);
  const expected = samplesOf(node, infos) === undefined ? undefined : samples;
  checkTimestamps(name, node, expected, 'source' in timestamps ? SCALE_HINT : undefined);
  return ['timestamps', node];
}

/** The number of samples; undefined if it is not known yet. */
function samplesOf(node: BulkNode | DatasetNode, infos: SourceInfos): number | undefined {
  if (node.kind === 'dataset') return node.value.shape[0];
  const info = infos.get(node.data);
  return info && growsInTime(info) ? undefined : node.shape[0];
}

function bulkNode(
  data: BulkData,
  attributes: Attributes,
  role: DatasetKind,
  infos: SourceInfos,
  name: string,
): BulkNode {
  const info = infos.get(data);
  if (!info)
    throw new NwbError({
      name,
      expected: 'data whose shape and dtype are known',
      received: 'data that were not opened',
    });
  checkBulk(name, data, info);
  const maxshape = data.maxshape ?? info.maxshape;
  return { kind: 'bulk', attributes, data, dtype: info.dtype, shape: info.shape, maxshape, role };
}

function inlineValue(data: InlineData) {
  const shape: number[] = [];
  for (let at: NumberArray | number | undefined = data.values; Array.isArray(at); at = at[0]) {
    shape.push(at.length);
  }
  const flat = (data.values as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[];
  return numbers(flat, shape, data.dtype);
}
