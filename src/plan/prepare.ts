import { randomUUID } from 'node:crypto';
import {
  checkDescription,
  type Description,
  descriptionWarnings,
  type FilledDescription,
  loadElectrodes,
  placedSources,
  refuseModules,
  resolvePaths,
} from '../description/index.js';
import { type BulkNode, buildTree, type GroupNode } from '../nwb/index.js';
import { bulkNodes } from '../nwb/walk.js';
import type { FilledOptions } from '../options.js';
import { loadSpecifications } from '../schema/from-file.js';
import { version } from '../version.js';
import { checkAttributes } from './attribute-limits.js';
import { gatheringWarnings } from './gathering-warnings.js';
import { type LayoutRequest, layOut } from './new-dataset.js';
import { type Probed, Probes } from './probe.js';
import { indexWarnings } from './warnings.js';
import { type Part, type PlannedWork, planWork } from './work.js';

/** A file that is read, and what for. */
export interface Input {
  readonly path: string;
  readonly purpose: string;
}

/** A conversion that has been checked and planned; nothing is written yet. */
export interface Prepared extends PlannedWork {
  readonly description: FilledDescription;
  readonly tree: GroupNode;
  /** All files that are read. */
  readonly inputs: readonly Input[];
  /** What NWB's best practices would say; not errors. */
  readonly warnings: readonly string[];
}

/**
 * Checks a description, opens its sources to learn their shapes, and plans all jobs.
 *
 * @throws DescriptionError, SourceError, NwbError, LayoutError or BudgetError for what does not fit
 */
export async function prepare(input: Description, options: FilledOptions): Promise<Prepared> {
  const resolved = resolvePaths(checkDescription(input), options.baseDir);
  if (!options.modules) refuseModules(placedSources(resolved));
  const description = await loadElectrodes(resolved);
  const probes = await Probes.of(description);
  try {
    const now = new Date();
    const specifications = await loadSpecifications(description.specifications);
    const tree = buildTree(description, probes.infos, {
      now,
      objectId: randomUUID,
      version,
      ...(specifications && { specifications }),
    });
    checkAttributes(tree, options.libver);
    const parts = [...bulkNodes(tree)].map(([path, node]) => {
      const probed = probes.get(node.data);
      return { laidOut: layOut(layoutRequest(path, node, probed), options.libver), probed };
    });
    const work = planWork(parts, options);
    return {
      description,
      tree,
      ...work,
      inputs: [...namedInputs(resolved), ...sourceInputs(parts)],
      warnings: [
        ...descriptionWarnings(description, now, probes.infos),
        ...parts.flatMap(boolWarnings),
        ...parts.flatMap(({ laidOut }) => indexWarnings(laidOut)),
        ...gatheringWarnings(work),
      ],
    };
  } finally {
    await probes.close();
  }
}

function* namedInputs({ electrodes, specifications }: FilledDescription): Generator<Input> {
  if (specifications !== undefined) yield { path: specifications, purpose: 'the specifications' };
  if (electrodes !== undefined && 'csv' in electrodes)
    yield { path: electrodes.csv, purpose: 'the electrodes' };
}

function boolWarnings({ laidOut, probed }: Part): string[] {
  if (probed.kind !== 'source' || !probed.info.isBool) return [];
  return [`${laidOut.path}: true and false of its source are stored as 1 and 0, of uint8`];
}

function layoutRequest(path: string, node: BulkNode, probed: Probed): LayoutRequest {
  const { data: storage, dtype, shape, maxshape, role } = node;
  const grows = probed.kind === 'blocks' && probed.info.maxshape !== undefined;
  const recommendedChunk = probed.kind === 'blocks' ? probed.recommendedChunk : undefined;
  return { path, dtype, shape, maxshape, role, storage, recommendedChunk, grows };
}

/** Files that are read as sources. */
export function* sourceInputs(parts: readonly Part[]): Generator<Input> {
  for (const { laidOut, probed } of parts) {
    if (probed.kind !== 'source') continue;
    for (const file of probed.info.files)
      yield { path: file.path, purpose: `the source of ${laidOut.path}` };
  }
}
