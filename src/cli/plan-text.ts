import { type ConversionPlan, type DatasetPlan, type FillPlan, formatBytes } from '../index.js';
import { formatCount, formatFilters, formatShape, formatShare, table } from './format.js';
import { printable } from './printable.js';
import { seriesText } from './series-text.js';

/** What a conversion would write, as text for a terminal. */
export function planText(planned: ConversionPlan): string {
  return [
    ...planned.datasets.map((dataset) =>
      datasetText(dataset, { chunks: `${chunksText(dataset)}, index ${dataset.index}` }),
    ),
    ...(planned.series.length > 0 ? [`${seriesText(planned.series)}\n`] : []),
    ...totals(planned),
    `format   ${planned.libver}`,
    `output   ${printable(planned.path)}`,
    'Nothing was written.',
  ].join('\n');
}

/** What `fill` would do, as text for a terminal. */
export function fillPlanText(planned: FillPlan): string {
  return [
    ...planned.datasets.map((dataset) => {
      const { currentShape, shape, storedBytes } = dataset;
      const isGrown = String(currentShape) !== String(shape);
      return datasetText(dataset, {
        ...(isGrown && { from: currentShape }),
        chunks: dataset.chunks ? chunksText({ ...dataset, chunks: dataset.chunks }) : 'none',
        now: storedBytes === 0 ? 'nothing stored' : `${formatBytes(storedBytes)}, to be replaced`,
      });
    }),
    ...totals(planned),
    `file     ${printable(planned.path)}`,
    'Nothing was written.',
  ].join('\n');
}

/** The lines that plans of conversions and of fills share. */
function totals({
  memory,
  workers,
  rawBytes,
  estimatedBytes,
}: Pick<FillPlan, 'memory' | 'workers' | 'rawBytes' | 'estimatedBytes'>): string[] {
  return [
    `workers  ${workers}, holding at most ${formatBytes(memory.planned)} of ${formatBytes(memory.allowed)} allowed`,
    `size     ${sizeText(rawBytes, estimatedBytes)}`,
  ];
}

interface Shown {
  /** The extent before, if it changes. */
  readonly from?: readonly number[];
  readonly chunks: string;
  /** What the file holds of the dataset now. */
  readonly now?: string;
}

function datasetText(dataset: Omit<DatasetPlan, 'chunks'>, { from, chunks, now }: Shown): string {
  const { dtype, jobShape, jobCount, rawBytes, estimatedBytes } = dataset;
  const shape = `${from ? `${formatShape(from)} -> ` : ''}${formatShape(dataset.shape)}`;
  const rows = [
    ['  shape', `${shape} of ${dtype}`],
    ['  maxshape', formatShape(dataset.maxshape)],
    ['  chunks', chunks],
    ['  filters', formatFilters(dataset.filters)],
    ['  jobs', `${formatShape(jobShape)}, ${formatCount(jobCount, 'job')}`],
    ['  size', sizeText(rawBytes, estimatedBytes)],
    ...(now === undefined ? [] : [['  now', now]]),
  ];
  return `${printable(dataset.path)}\n${table(rows, 'll')}\n`;
}

/** `1000 x 4, 7.81 KiB, 5 chunks` */
function chunksText({ chunks, chunkBytes, chunkCount }: DatasetPlan): string {
  return `${formatShape(chunks)}, ${formatBytes(chunkBytes)}, ${formatCount(chunkCount, 'chunk')}`;
}

function sizeText(rawBytes: number, estimatedBytes: number): string {
  return `${formatBytes(rawBytes)} -> about ${formatBytes(estimatedBytes)} (${formatShare(estimatedBytes, rawBytes)})`;
}
