import type { BulkData } from '../description/bulk.js';
import type { InlineData, NumberArray } from '../description/inline.js';
import type { FilledSeries } from '../description/series.js';
import type { SourceInfo } from '../sources/types.js';
import { checkBulk, checkRank, checkTimestamps } from './checks.js';
import { type TreeContext, typed } from './context.js';
import { NwbError } from './errors.js';
import {
  type Attributes,
  type BulkNode,
  type BulkRole,
  type DatasetNode,
  dataset,
  type GroupNode,
  group,
  type Node,
} from './node.js';
import { float64, float64s, int32, numbers, text } from './values.js';

/** What the sources of bulk datasets were found to hold. */
export type SourceInfos = ReadonlyMap<BulkData, SourceInfo>;

/** What differs between the kinds of TimeSeries. */
export interface SeriesKind {
  readonly unit: string;
  readonly role: BulkRole;
  /** Greatest number of axes of `data`. */
  readonly rank: number;
}

/** The parts that every kind of TimeSeries has. */
export interface SeriesParts {
  readonly attributes: Attributes;
  readonly children: readonly (readonly [string, Node])[];
  readonly shape: readonly number[];
}

/** A TimeSeries of no special kind: 1 to 4 axes, any unit. */
export function timeSeries(
  series: Extract<FilledSeries, { type: 'TimeSeries' }>,
  infos: SourceInfos,
  context: TreeContext,
): GroupNode {
  const kind: SeriesKind = { unit: series.unit, role: 'generic', rank: 4 };
  const { attributes, children } = seriesParts(series, kind, infos, context);
  return group(attributes, children);
}

/** @throws {NwbError} when rank, timestamps or storage options do not fit the data */
export function seriesParts(
  series: FilledSeries,
  kind: SeriesKind,
  infos: SourceInfos,
  context: TreeContext,
): SeriesParts {
  const where = `acquisition/${series.name}`;
  const data = dataNode(series, kind, infos, where);
  const shape = data.kind === 'bulk' ? data.shape : data.value.shape;
  checkRank(`${where}/data`, shape, kind.rank);
  const attributes = {
    ...typed(context, 'core', series.type),
    ...(series.description !== undefined && { description: text(series.description) }),
    ...(series.comments !== undefined && { comments: text(series.comments) }),
  };
  const time = timeNode(series, infos, where, shape[0] ?? 0);
  return { attributes, children: [['data', data], time], shape };
}

function dataNode(
  series: FilledSeries,
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
  if ('source' in series.data) {
    return bulkNode(series.data, attributes, kind.role, infos, `${where}/data`);
  }
  return dataset(inlineValue(series.data), attributes);
}

function timeNode(
  series: FilledSeries,
  infos: SourceInfos,
  where: string,
  samples: number,
): [string, Node] {
  const { timestamps, rate } = series;
  if (timestamps === undefined) {
    if (rate === undefined) throw new NwbError(where, 'rate or timestamps', 'neither');
    const attributes = { rate: float64(rate), unit: text('seconds') };
    return ['starting_time', dataset(float64(series.startingTime ?? 0), attributes)];
  }
  const name = `${where}/timestamps`;
  const attributes = { interval: int32(1), unit: text('seconds') };
  if (!('source' in timestamps)) {
    checkTimestamps(name, { dtype: 'float64', shape: [timestamps.length] }, samples);
    return ['timestamps', dataset(float64s(timestamps), attributes)];
  }
  const node = bulkNode(timestamps, attributes, 'generic', infos, name);
  checkTimestamps(name, node, samples);
  return ['timestamps', node];
}

function bulkNode(
  data: BulkData,
  attributes: Attributes,
  role: BulkRole,
  infos: SourceInfos,
  name: string,
): BulkNode {
  const info = infos.get(data);
  if (!info) throw new NwbError(name, 'the shape and dtype of its source', 'nothing');
  checkBulk(name, data, info);
  return { kind: 'bulk', attributes, data, dtype: info.dtype, shape: info.shape, role };
}

function inlineValue(data: InlineData) {
  const shape: number[] = [];
  for (let at: NumberArray | number | undefined = data.values; Array.isArray(at); at = at[0]) {
    shape.push(at.length);
  }
  const flat = (data.values as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[];
  return numbers(flat, shape, data.dtype);
}
