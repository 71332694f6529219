import type { ResolvedDescription } from '../description/index.js';
import { within } from '../hyperslab-error.js';
import type { Specifications } from '../schema/index.js';
import type { SourceInfos } from './bulk-info.js';
import { NWB_VERSION, type TreeContext, typed } from './context.js';
import { deviceGroup, electrodeGroup } from './devices.js';
import { electricalSeries } from './electrical-series.js';
import { electrodesTable } from './electrodes.js';
import { NwbError } from './errors.js';
import { generalDatasets, rootDatasets } from './file.js';
import { type GroupNode, group, type Node } from './node.js';
import { specificationsGroup } from './specifications-group.js';
import { subjectGroup } from './subject.js';
import { timeSeries } from './time-series.js';
import { reference, text } from './values.js';

export interface TreeOptions {
  /** Stored as `file_create_date`. */
  readonly now: Date;
  /** Makes the UUIDs (version 4) of typed objects. */
  readonly objectId: () => string;
  /** hyperslab's own version, for `was_generated_by`. */
  readonly version: string;
  /** Schemas to cache in the file. Their version of the core namespace becomes the file's NWB version. */
  readonly specifications?: Specifications;
}

/**
 * Builds the tree of the whole file, from the root group down. It follows NWB 2.9.0 with hdmf-common 1.8.0,
 * or the version of the core namespace in `options.specifications`.
 *
 * @param infos an entry for each bulk dataset of the description, by identity
 * @throws {NwbError} if the data do not fit their series
 */
export function buildTree(
  description: ResolvedDescription,
  infos: SourceInfos,
  options: TreeOptions,
): GroupNode {
  const { specifications } = options;
  const context: TreeContext = {
    now: options.now,
    objectId: options.objectId,
    version: options.version,
    nwbVersion: specifications?.core?.version ?? NWB_VERSION,
  };
  const root: [string, Node][] = [
    ...rootDatasets(description.nwbfile, context),
    ['acquisition', acquisition(description, infos, context)],
    ['analysis', group({})],
    ['general', general(description, context)],
    ['processing', group({})],
    [
      'stimulus',
      group({}, [
        ['presentation', group({})],
        ['templates', group({})],
      ]),
    ],
  ];
  if (specifications) root.push(['specifications', specificationsGroup(specifications)]);
  const attributes = {
    ...typed(context, 'core', 'NWBFile'),
    nwb_version: text(context.nwbVersion),
    ...(specifications && { '.specloc': reference('/specifications') }),
  };
  return group(attributes, root);
}

function acquisition(
  description: ResolvedDescription,
  infos: SourceInfos,
  context: TreeContext,
): GroupNode {
  const rows = electrodeRows(description);
  const series = description.acquisition.map((one, at): [string, Node] => [
    one.name,
    within(`acquisition[${at}]`, () =>
      one.type === 'ElectricalSeries'
        ? electricalSeries(one, rows, infos, context)
        : timeSeries(one, infos, context),
    ),
  ]);
  return group({}, series);
}

function general(description: ResolvedDescription, context: TreeContext): GroupNode {
  const { nwbfile, devices, electrodeGroups } = description;
  const children = generalDatasets(nwbfile, context);
  if (nwbfile.subject) children.push(['subject', subjectGroup(nwbfile.subject, context)]);
  if (devices.length > 0) {
    const nodes = devices.map((one) => [one.name, deviceGroup(one, context)] as const);
    children.push(['devices', group({}, nodes)]);
  }
  const ephys = electrodeGroups.map((one): [string, Node] => [
    one.name,
    electrodeGroup(one, context),
  ]);
  const rows = electrodeRows(description);
  if (rows.length > 0) {
    ephys.push(['electrodes', electrodesTable(rows, description.electrodeColumns, context)]);
  }
  if (ephys.length > 0) children.push(['extracellular_ephys', group({}, ephys)]);
  return group({}, children);
}

function electrodeRows({ electrodes }: ResolvedDescription) {
  if (electrodes === undefined) return [];
  if ('csv' in electrodes)
    throw new NwbError({
      name: 'electrodes',
      expected: 'rows',
      received: `the file ${electrodes.csv}`,
    });
  return electrodes;
}
