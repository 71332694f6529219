import { itemSize, product } from '../../layout/index.js';
import { type BulkNode, type GroupNode, growsInTime } from '../../nwb/index.js';
import type { SeriesSummary } from '../../series-summary.js';
import type { DatasetSpec } from '../dataset-spec.js';
import type { Probed } from '../probe.js';
import { byteOrderProblem } from './byte-order.js';
import { channelCountProblem } from './channel-count.js';
import { channelWarnings } from './channels.js';
import { chunkWarnings } from './chunks.js';
import { gainWarnings } from './gains.js';
import { headerProblem } from './header.js';
import { itemTypeProblem } from './item-type.js';
import { rateWarnings } from './rates.js';
import { readRawBytes, withShortBlocks } from './raw-bytes.js';
import { readableOf, readSample, type Sample } from './sample.js';
import { type Series, type SeriesDataset, seriesOf } from './series.js';
import { amountsOf, meanOf, statisticsOf } from './statistics.js';
import { type SampledTimes, sampledTimes } from './times.js';

/** What a small sample of the data says. */
export interface Examined {
  readonly series: readonly SeriesSummary[];
  readonly warnings: readonly string[];
  /** Faults of sampled timestamps. A conversion checks all of them, so these lines are for a plan. */
  readonly timestampFaults: readonly string[];
}

/** Fewer bytes of a file look like anything. */
const FEW_BYTES = 1024;

/** The opened data of a bulk dataset. */
type ProbeOf = (node: BulkNode) => Probed;

/**
 * Reads a sample of every series, at most 1 MiB of each, and compares it with the description. Iterators and
 * modules are left alone; arrays in memory are read.
 */
export async function examine(
  tree: GroupNode,
  specs: readonly DatasetSpec[],
  probeOf: ProbeOf,
): Promise<Examined> {
  const summaries: SeriesSummary[] = [];
  const warnings: string[] = [];
  const faults: string[] = [];
  for (const series of seriesOf(tree)) {
    const times = await examineTimes(series, probeOf);
    const { summary, found } = await examineData(series, times, probeOf);
    summaries.push(summary);
    warnings.push(...found, ...(times?.warnings ?? []));
    faults.push(...(times?.faults ?? []));
  }
  warnings.push(...specs.flatMap(chunkWarnings));
  return { series: summaries, warnings, timestampFaults: faults };
}

async function examineTimes(series: Series, probeOf: ProbeOf): Promise<SampledTimes | undefined> {
  const { timestamps } = series;
  const sample = timestamps && (await sampleOf(timestamps, probeOf));
  if (!sample) return undefined;
  const times = sampledTimes(series, sample, timestamps.path);
  // The description's warnings have the faults of timestamps in place.
  return timestamps.node.kind === 'bulk' ? times : { ...times, faults: [] };
}

async function examineData(
  series: Series,
  times: SampledTimes | undefined,
  probeOf: ProbeOf,
): Promise<{ summary: SeriesSummary; found: string[] }> {
  const { path, unit, rate, data } = series;
  const { dtype, shape } = data;
  const sample = await sampleOf(data, probeOf);
  const statistics = sample && statisticsOf(sample);
  const amounts = statistics && amountsOf(series, statistics);
  const samples = isGrowing(data, probeOf) ? undefined : shape[0];
  const seconds =
    rate === undefined ? (times?.seconds ?? null) : samples === undefined ? null : samples / rate;
  const summary: SeriesSummary = {
    ...{ path, seconds, sampleShape: shape.slice(1), channels: product(shape.slice(1)), unit },
    ...(amounts ?? { min: null, max: null, rms: null }),
  };
  const bytes = product(shape) * itemSize(dtype);
  const timing = rateWarnings(series, { dtype, shape, bytes, seconds });
  const layout = await layoutProblem(series, probeOf);
  // Values that are read wrongly say nothing else.
  if (layout !== undefined) return { summary, found: [`${path}: ${layout}`, ...timing] };
  if (!statistics) return { summary, found: timing };
  const gains = amounts ? gainWarnings(series, amounts, meanOf(statistics)) : [];
  const found = [...timing, ...gains, ...channelWarnings(series, sample, statistics)];
  return { summary, found };
}

/** What is wrong with the description of a raw file. The first problem explains the others. */
async function layoutProblem(
  { data: { node }, isElectrical }: Series,
  probeOf: ProbeOf,
): Promise<string | undefined> {
  const probed = node.kind === 'bulk' ? probeOf(node) : undefined;
  const raw = probed?.kind === 'source' ? await readRawBytes(probed.source) : undefined;
  if (!raw) return undefined;
  const header = headerProblem(raw);
  const sampled = raw.blocks.reduce((sum, block) => sum + block.length, 0);
  if (header !== undefined || sampled < FEW_BYTES) return header;
  const short = withShortBlocks(raw);
  return (
    byteOrderProblem(short, isElectrical) ??
    itemTypeProblem(short) ??
    channelCountProblem(raw, isElectrical)
  );
}

async function sampleOf(dataset: SeriesDataset, probeOf: ProbeOf): Promise<Sample | undefined> {
  const { node } = dataset;
  const readable = readableOf(dataset, node.kind === 'bulk' ? probeOf(node) : undefined);
  return readable && readSample(dataset, readable);
}

/** Whether the number of samples is known only once all data have arrived. */
function isGrowing({ node }: SeriesDataset, probeOf: ProbeOf): boolean {
  return node.kind === 'bulk' && growsInTime(probeOf(node).info);
}
