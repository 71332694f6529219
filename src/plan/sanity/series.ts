import type { TypedArray, Value } from '../../hdf5/index.js';
import type { DType } from '../../layout/index.js';
import { type BulkNode, type DatasetNode, type GroupNode, nodes } from '../../nwb/index.js';

/** Data or timestamps of a series, with the dataset's path. */
export interface SeriesDataset {
  readonly path: string;
  readonly node: BulkNode | DatasetNode;
  readonly dtype: DType;
  /** For an iterator, the lengths at the beginning. */
  readonly shape: readonly number[];
}

/** A series of the planned file, and how its values become amounts of its unit. */
export interface Series {
  /** Absolute path of its group. */
  readonly path: string;
  /** Whether it is an ElectricalSeries: an extracellular recording in volts. */
  readonly isElectrical: boolean;
  readonly unit: string;
  readonly conversion: number;
  readonly offset: number;
  /** A factor for each index of axis 1; undefined if there are none. */
  readonly channelConversion: ArrayLike<number> | undefined;
  /** Samples per second; undefined for a series with timestamps. */
  readonly rate: number | undefined;
  readonly data: SeriesDataset;
  readonly timestamps: SeriesDataset | undefined;
}

/** All series of a file: the groups that have data with a unit. */
export function seriesOf(tree: GroupNode): Series[] {
  const found: Series[] = [];
  for (const [path, group] of nodes(tree)) {
    if (group.kind !== 'group') continue;
    const data = datasetOf(group, path, 'data');
    const unit = data && textOf(data.node.attributes.unit);
    if (!data || unit === undefined) continue;
    const { attributes } = data.node;
    const time = group.children.starting_time;
    found.push({
      path,
      isElectrical: textOf(group.attributes.neurodata_type) === 'ElectricalSeries',
      unit,
      conversion: numberOf(attributes.conversion) ?? 1,
      offset: numberOf(attributes.offset) ?? 0,
      channelConversion: numbersOf(group.children.channel_conversion),
      rate: time?.kind === 'dataset' ? numberOf(time.attributes.rate) : undefined,
      data,
      timestamps: datasetOf(group, path, 'timestamps'),
    });
  }
  return found;
}

function datasetOf({ children }: GroupNode, path: string, name: string): SeriesDataset | undefined {
  const node = children[name];
  if (node?.kind === 'bulk') {
    const { dtype, shape } = node;
    return { path: `${path}/${name}`, node, dtype, shape };
  }
  if (node?.kind !== 'dataset' || !numbersIn(node.value)) return undefined;
  const { dtype, shape } = node.value;
  return { path: `${path}/${name}`, node, dtype: dtype as DType, shape };
}

function numbersIn({ data }: Value): TypedArray | undefined {
  return ArrayBuffer.isView(data) ? (data as TypedArray) : undefined;
}

function textOf(value: Value | undefined): string | undefined {
  return value?.dtype === 'string' ? String(value.data[0]) : undefined;
}

function numberOf(value: Value | undefined): number | undefined {
  const first = value && numbersIn(value)?.[0];
  return first === undefined ? undefined : Number(first);
}

function numbersOf(node: GroupNode['children'][string] | undefined): Float64Array | undefined {
  const numbers = node?.kind === 'dataset' ? numbersIn(node.value) : undefined;
  return numbers && Float64Array.from(numbers as Float64Array);
}
