import type { ResolvedNwbFile } from '../description/index.js';
import type { Value } from '../hdf5/index.js';
import { atLeast, type TreeContext } from './context.js';
import { type DatasetNode, dataset, type Node } from './node.js';
import { text, texts } from './values.js';

/** Datasets at the root: identifier and times. */
export function rootDatasets(file: ResolvedNwbFile, context: TreeContext): [string, DatasetNode][] {
  const start = file.sessionStartTime;
  return [
    ['file_create_date', dataset(texts([context.now.toISOString()]))],
    ['identifier', dataset(text(file.identifier))],
    ['session_description', dataset(text(file.sessionDescription))],
    ['session_start_time', dataset(text(start))],
    ['timestamps_reference_time', dataset(text(file.timestampsReferenceTime ?? start))],
  ];
}

/** Datasets under `/general` that describe the session. */
export function generalDatasets(file: ResolvedNwbFile, context: TreeContext): [string, Node][] {
  const values: [string, Value | undefined][] = [
    ['data_collection', optional(file.dataCollection)],
    ['experiment_description', optional(file.experimentDescription)],
    ['experimenter', list(file.experimenter)],
    ['institution', optional(file.institution)],
    ['keywords', list(file.keywords)],
    ['lab', optional(file.lab)],
    ['notes', optional(file.notes)],
    ['pharmacology', optional(file.pharmacology)],
    ['protocol', optional(file.protocol)],
    ['related_publications', list(file.relatedPublications)],
    ['session_id', optional(file.sessionId)],
    ['slices', optional(file.slices)],
    ['stimulus', optional(file.stimulusNotes)],
    ['surgery', optional(file.surgery)],
    ['virus', optional(file.virus)],
    ['was_generated_by', generators(file, context)],
  ];
  const nodes: [string, Node][] = [];
  for (const [name, value] of values) if (value) nodes.push([name, dataset(value)]);
  if (file.sourceScript !== undefined && file.sourceScriptFileName !== undefined) {
    const attributes = { file_name: text(file.sourceScriptFileName) };
    nodes.push(['source_script', dataset(text(file.sourceScript), attributes)]);
  }
  return nodes;
}

/** Pairs of name and version of the programs that made the file, as an (n, 2) array; since NWB 2.9.0. */
function generators(file: ResolvedNwbFile, context: TreeContext): Value | undefined {
  if (!atLeast(context.nwbVersion, '2.9.0')) return undefined;
  const pairs = file.wasGeneratedBy ?? [['hyperslab', context.version]];
  return { dtype: 'string', shape: [pairs.length, 2], data: pairs.flat() };
}

function optional(value: string | undefined): Value | undefined {
  return value === undefined ? undefined : text(value);
}

function list(values: readonly string[] | undefined): Value | undefined {
  return values === undefined ? undefined : texts(values);
}
