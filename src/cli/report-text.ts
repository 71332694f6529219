import { type FillReport, formatBytes } from '../index.js';
import { formatFilters, formatSeconds, formatShape, formatShare, table } from './format.js';
import { printable } from './printable.js';

/** The report as text for a terminal. */
export function reportText(report: FillReport): string {
  const { workers, stages, deflated } = report;
  const rows = report.datasets.map((dataset) => [
    dataset.path,
    `${dataset.dtype} ${formatShape(dataset.shape)}`,
    dataset.chunks ? formatShape(dataset.chunks) : 'none',
    formatFilters(dataset.filters),
    formatBytes(dataset.rawBytes),
    formatBytes(dataset.storedBytes),
    formatShare(dataset.storedBytes, dataset.rawBytes),
  ]);
  const heading = ['dataset', 'shape', 'chunks', 'filters', 'raw', 'stored', 'stored/raw'];
  const { wait, place, close, ...worked } = stages;
  const workerStages = Object.entries(worked).map(
    ([name, { seconds }]) => [name, seconds] as const,
  );
  const stageText = (entries: readonly (readonly [string, number])[]) =>
    entries.map(([name, value]) => `${name} ${formatSeconds(value)}`).join(', ');
  const given = Object.values(deflated).reduce((sum, bytes) => sum + bytes, 0);
  const coded = Object.entries(deflated)
    .filter(([, bytes]) => bytes > 0)
    .map(([way, bytes]) => `${way} ${formatShare(bytes, given)}`);
  return [
    table(rows.length > 0 ? [heading, ...rows] : [], 'llllrrr'),
    `workers, in total: ${stageText([...workerStages, ['wait', wait]])}; coordinator: ${stageText([
      ['place', place],
      ['close', close],
    ])}`,
    coded.length > 0 ? `gzip: ${coded.join(', ')}` : '',
    `${workers} worker${workers === 1 ? '' : 's'}, peak memory ${formatBytes(report.peakRss)}, file ${formatBytes(report.fileBytes)}`,
    sumText(report),
    printable(report.path),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** `48.8 KiB -> 20.1 KiB (41.2 %) in 0.05 s, 1 MiB/s` */
export function sumText({ rawBytes, storedBytes, seconds }: FillReport): string {
  const rate = `${formatBytes(rawBytes / seconds)}/s`;
  return `${formatBytes(rawBytes)} -> ${formatBytes(storedBytes)} (${formatShare(storedBytes, rawBytes)}) in ${formatSeconds(seconds)}, ${rate}`;
}
