import {
  checkFill,
  type FillData,
  type PlacedSource,
  refuseModules,
} from '../description/index.js';
import type { Dataset } from '../hdf5/index.js';
import { resolvePath } from '../home-path.js';
import { within } from '../hyperslab-error.js';
import type { ResolvedOptions } from '../options.js';
import {
  type Probed,
  planWork,
  probeBlocks,
  probeSource,
  refuseInput,
  sourceInputs,
  type WorkPlan,
} from '../plan/index.js';
import { resolveSourcePaths } from '../sources/index.js';
import { isDataChunkIterator, isNdArray } from '../streams/index.js';
import { fit } from './fill-file.js';

type Checked = ReturnType<typeof checkFill>['datasets'];

/** What to fill, checked without looking at the file and the sources. */
export interface Filling {
  /** Absolute path of the file. */
  readonly filename: string;
  /** Data by the path of the dataset; the paths of sources are as the user wrote them. */
  readonly datasets: Checked;
}

/** @throws DescriptionError if the datasets are invalid, or a source is a module and modules are not allowed */
export function checkFilling(
  path: string,
  datasets: Readonly<Record<string, FillData>>,
  { baseDir, modules }: Pick<ResolvedOptions, 'baseDir' | 'modules'>,
): Filling {
  const checked = checkFill({ path, datasets });
  if (!modules) refuseModules(placedSources(checked.datasets, baseDir));
  return { filename: resolvePath(baseDir, checked.path), datasets: checked.datasets };
}

function placedSources(datasets: Checked, baseDir: string): PlacedSource[] {
  return Object.entries(datasets).flatMap(([name, data]): PlacedSource[] =>
    isMemory(data) ? [] : [[['datasets', name], resolveSourcePaths(data, baseDir)]],
  );
}

/**
 * Opens the data of each dataset, to learn their types and shapes.
 *
 * @param probed receives the data once opened, so that they can be closed if later ones fail
 * @throws SourceError if a source can't be used; DataError if an iterator lacks its type or shape
 */
export async function probeAll(
  { datasets }: Filling,
  baseDir: string,
  probed: Map<string, Probed>,
): Promise<void> {
  for (const [name, data] of Object.entries(datasets))
    probed.set(
      name,
      await within(`datasets.${name}`, () =>
        isMemory(data) ? probeBlocks(data, name) : probeSource(resolveSourcePaths(data, baseDir)),
      ),
    );
}

export async function closeAll(probed: ReadonlyMap<string, Probed>): Promise<void> {
  for (const one of probed.values()) if (one.kind === 'source') await one.close();
}

function isMemory(data: Checked[string]): data is Exclude<Checked[string], { type: string }> {
  return isDataChunkIterator(data) || isNdArray(data);
}

/**
 * Plans how datasets are filled with their data, which are in the same order.
 *
 * @throws LayoutError, BudgetError if the data do not fit; OutputError if the file is a source itself
 */
export function planFilling(
  { filename }: Filling,
  datasets: readonly Dataset[],
  probed: ReadonlyMap<string, Probed>,
  options: ResolvedOptions,
): WorkPlan {
  const parts = [...probed.values()].map((one, at) => fit(datasets[at], one));
  refuseInput(filename, [...sourceInputs(parts)]);
  return planWork(parts, options);
}
