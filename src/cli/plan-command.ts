import { type ConversionPlan, formatBytes, plan } from '../index.js';
import { EXIT } from './exit-codes.js';
import type { PlanFlags } from './flags.js';
import { formatCount, formatFilters, formatShape, formatShare, table } from './format.js';
import { type Manifest, withManifest } from './manifest.js';
import { parseSettings } from './manifest-settings.js';
import { locateWarnings } from './manifest-warnings.js';
import { print, printJson, printWarnings } from './output.js';
import { outputDescription } from './output-description.js';
import { printable } from './printable.js';
import { quietly, runOptions } from './run-options.js';
import { seriesText } from './series-text.js';

/** `hyperslab plan MANIFEST` */
export async function planCommand(path: string, flags: PlanFlags): Promise<number> {
  const settings = parseSettings(flags.set);
  const describe = async (manifest: Manifest) => {
    const planned = await plan(outputDescription(manifest, flags), {
      ...runOptions(flags, manifest),
      ...(flags.libver && { libver: flags.libver }),
    });
    return { ...planned, warnings: locateWarnings(planned.warnings, manifest) };
  };
  const planned = await withManifest(path, describe, settings);
  if (flags.json) printJson(planned);
  else printWarnings(planned.warnings);
  if (!quietly(flags)) print(planText(planned));
  return EXIT.ok;
}

export function planText(planned: ConversionPlan): string {
  const { memory, workers, rawBytes, estimatedBytes } = planned;
  return [
    ...planned.datasets.map(datasetText),
    ...(planned.series.length > 0 ? [`${seriesText(planned.series)}\n`] : []),
    `workers  ${workers}, holding at most ${formatBytes(memory.planned)} of ${formatBytes(memory.allowed)} allowed`,
    `size     ${formatBytes(rawBytes)} -> about ${formatBytes(estimatedBytes)} (${formatShare(estimatedBytes, rawBytes)})`,
    `format   ${planned.libver}`,
    `output   ${printable(planned.path)}`,
    'Nothing was written.',
  ].join('\n');
}

function datasetText(dataset: ConversionPlan['datasets'][number]): string {
  const { chunkBytes, chunkCount, jobShape, jobCount, rawBytes, estimatedBytes } = dataset;
  const rows = [
    ['  shape', `${formatShape(dataset.shape)} of ${dataset.dtype}`],
    ['  maxshape', formatShape(dataset.maxshape)],
    [
      '  chunks',
      `${formatShape(dataset.chunks)}, ${formatBytes(chunkBytes)}, ${formatCount(chunkCount, 'chunk')}, index ${dataset.index}`,
    ],
    ['  filters', formatFilters(dataset.filters)],
    ['  jobs', `${formatShape(jobShape)}, ${formatCount(jobCount, 'job')}`],
    [
      '  size',
      `${formatBytes(rawBytes)} -> about ${formatBytes(estimatedBytes)} (${formatShare(estimatedBytes, rawBytes)})`,
    ],
  ];
  return `${printable(dataset.path)}\n${table(rows, 'll')}\n`;
}
