import { randomUUID } from 'node:crypto';
import {
  checkDescription,
  type Description,
  descriptionWarnings,
  loadElectrodes,
  placedSources,
  type ResolvedDescription,
  refuseModules,
  resolvePaths,
} from '../description/index.js';
import { within } from '../hyperslab-error.js';
import { BudgetError, LayoutError } from '../layout/index.js';
import { type BulkNode, buildTree, bulkNodes, type GroupNode } from '../nwb/index.js';
import type { ResolvedOptions } from '../options.js';
import { loadSpecifications } from '../schema/index.js';
import type { SeriesSummary } from '../series-summary.js';
import { version } from '../version.js';
import { checkAttributes } from './attribute-limits.js';
import type { ProbedDataset } from './datasets.js';
import { type Input, namedInputs, sourceInputs } from './inputs.js';
import { type NewDataset, specifyNew } from './new-dataset.js';
import { type Probed, Probes } from './probe.js';
import { examine } from './sanity/index.js';
import { gatheringWarnings, indexWarnings, workerWarnings } from './warnings.js';
import { planWork, type WorkPlan } from './work.js';

/** A conversion that has been checked and planned; nothing is written yet. */
export interface Prepared extends WorkPlan {
  readonly description: ResolvedDescription;
  readonly tree: GroupNode;
  /** All files that the conversion reads. */
  readonly inputs: readonly Input[];
  /** Departures from NWB's best practices, and layouts that will be slow or large; one line each. */
  readonly warnings: readonly string[];
}

/** A prepared conversion whose data were sampled. Its warnings include what is hardly true of the data. */
export interface Examined extends Prepared {
  readonly series: readonly SeriesSummary[];
  /** Faults of sampled timestamps, for a plan: a conversion checks all timestamps when it writes them. */
  readonly timestampFaults: readonly string[];
}

/**
 * Checks a description, opens its sources to learn their shapes, and plans all jobs.
 *
 * @throws DescriptionError, SourceError, DataError, NwbError, LayoutError or BudgetError if the description,
 * its data and the options do not fit each other
 */
export function prepare(input: Description, options: ResolvedOptions): Promise<Prepared> {
  return prepareThen(input, options, async (prepared) => prepared);
}

/**
 * Prepares a conversion, and reads a small sample of its data to find what is hardly true.
 *
 * @throws what `prepare` throws; what the sample shows is only a warning
 */
export function prepareExamined(input: Description, options: ResolvedOptions): Promise<Examined> {
  return prepareThen(input, options, async (prepared, probes) => {
    const specs = prepared.datasets.map(({ spec }) => spec);
    const { warnings, ...found } = await examine(prepared.tree, specs, ({ data }) =>
      probes.get(data),
    );
    return { ...prepared, ...found, warnings: [...prepared.warnings, ...warnings] };
  });
}

/** @param finish is called while the sources are open */
async function prepareThen<T extends Prepared>(
  input: Description,
  options: ResolvedOptions,
  finish: (prepared: Prepared, probes: Probes) => Promise<T>,
): Promise<T> {
  const resolved = resolvePaths(checkDescription(input), options.baseDir);
  if (!options.modules) refuseModules(placedSources(resolved));
  const description = await loadElectrodes(resolved);
  const probes = await Probes.of(description);
  try {
    const now = new Date();
    const specifications = await within('specifications', () =>
      loadSpecifications(description.specifications),
    );
    const tree = buildTree(description, probes.infos, {
      now,
      objectId: randomUUID,
      version,
      ...(specifications && { specifications }),
    });
    checkAttributes(tree, options.libver);
    const parts = [...bulkNodes(tree)].map(([path, node]) => {
      const probed = probes.get(node.data);
      const spec = within(probes.place(node.data), () =>
        specifyNew(newDataset(path, node, probed), options.libver),
      );
      return { spec, probed };
    });
    const work = withinData(() => planWork(parts, options), tree, probes);
    const prepared: Prepared = {
      description,
      tree,
      ...work,
      inputs: [...namedInputs(resolved), ...sourceInputs(parts)],
      warnings: [
        ...descriptionWarnings(description, now, probes.infos),
        ...parts.flatMap(boolWarnings),
        ...parts.flatMap(({ spec }) => indexWarnings(spec)),
        ...gatheringWarnings(work),
        ...workerWarnings(work, options),
      ],
    };
    // Awaited here, because the sources are closed on the way out.
    return await finish(prepared, probes);
  } finally {
    await probes.close();
  }
}

/** An error about the memory or the jobs of one dataset is about its data in the description. */
function withinData<T>(work: () => T, tree: GroupNode, probes: Probes): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BudgetError || error instanceof LayoutError)) throw error;
    const { name } = error.fields;
    const [, node] = [...bulkNodes(tree)].find(([path]) => path === name) ?? [];
    if (node) error.place = probes.place(node.data);
    throw error;
  }
}

function boolWarnings({ spec, probed }: ProbedDataset): string[] {
  if (probed.kind !== 'source' || !probed.info.isBool) return [];
  return [`${spec.path}: true and false of its source are stored as 1 and 0, of uint8`];
}

function newDataset(path: string, node: BulkNode, probed: Probed): NewDataset {
  const { data: storage, dtype, shape, maxshape, role } = node;
  const grows = probed.kind === 'stream' && probed.info.maxshape !== undefined;
  const recommendedChunk = probed.kind === 'stream' ? probed.recommendedChunk : undefined;
  return { path, dtype, shape, maxshape, role, storage, recommendedChunk, grows };
}
