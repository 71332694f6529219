import {
  type Cell,
  type ElectrodeRow,
  REQUIRED_COLUMNS,
  STANDARD_COLUMNS,
} from '../description/index.js';
import type { Value } from '../hdf5/index.js';
import { atLeast, type TreeContext, typed } from './context.js';
import { electrodeGroupPath } from './devices.js';
import { type DatasetNode, dataset, type GroupNode, group } from './node.js';
import { bools, float64s, int32s, numbers, references, text, texts } from './values.js';

/** Absolute path of the electrodes table. Readers find the table by this name only. */
export const ELECTRODES_PATH = '/general/extracellular_ephys/electrodes';

const DESCRIPTIONS: Readonly<Record<(typeof REQUIRED_COLUMNS)[number], string>> = {
  location: 'the location of the electrode (channel), e.g. its brain area',
  group: 'a reference to the ElectrodeGroup this electrode is a part of',
  group_name: 'the name of the ElectrodeGroup this electrode is a part of',
};

/**
 * The electrodes table, one row for each electrode.
 *
 * The cells of a custom column decide its type: whole numbers become int64, other numbers float64 (NaN for
 * a missing cell), true and false become bool, and texts become text ('' for a missing cell).
 */
export function electrodesTable(
  rows: readonly ElectrodeRow[],
  descriptions: Readonly<Record<string, string>>,
  context: TreeContext,
): GroupNode {
  const column = (value: Value, description: string): DatasetNode =>
    dataset(value, {
      ...typed(context, 'hdmf-common', 'VectorData'),
      description: text(description),
    });
  const groups = rows.map((row) => row.group);
  const columns: [string, DatasetNode][] = [
    ['location', column(texts(rows.map((row) => row.location)), DESCRIPTIONS.location)],
    ['group', column(references(groups.map(electrodeGroupPath)), DESCRIPTIONS.group)],
    ['group_name', column(texts(groups), DESCRIPTIONS.group_name)],
  ];
  for (const name of furtherColumns(rows)) {
    const description =
      descriptions[name] ?? STANDARD_COLUMNS[name]?.description ?? `${name} of the electrode`;
    const cells = rows.map((row) => row[name] ?? null);
    columns.push([name, column(columnValue(cells, STANDARD_COLUMNS[name]?.kind), description)]);
  }
  // ElectrodesTable is a type of its own since NWB 2.9.0; before, the table was a plain DynamicTable.
  const type = atLeast(context.nwbVersion, '2.9.0')
    ? typed(context, 'core', 'ElectrodesTable')
    : typed(context, 'hdmf-common', 'DynamicTable');
  const attributes = {
    ...type,
    colnames: texts(columns.map(([name]) => name)),
    description: text('metadata about extracellular electrodes'),
  };
  const ids = int32s(rows.map((row, index) => row.id ?? index));
  const id = dataset(ids, typed(context, 'hdmf-common', 'ElementIdentifiers'));
  return group(attributes, [['id', id], ...columns]);
}

/** Names of the optional columns: the standard ones in the schema's order, then the custom ones as found. */
function furtherColumns(rows: readonly ElectrodeRow[]): string[] {
  const met = new Set(rows.flatMap((row) => Object.keys(row)));
  for (const name of ['id', ...REQUIRED_COLUMNS]) met.delete(name);
  const standard = Object.keys(STANDARD_COLUMNS).filter((name) => met.delete(name));
  return [...standard, ...met];
}

function columnValue(cells: readonly Cell[], kind: 'float' | 'text' | undefined): Value {
  const present = cells.filter((cell) => cell !== null);
  const isNumeric = present.every((cell) => typeof cell === 'number') && present.length > 0;
  if (kind === 'float' || (kind === undefined && isNumeric)) {
    // Integers can't store the sign of -0.
    const isWhole = (cell: Cell) => Number.isSafeInteger(cell) && !Object.is(cell, -0);
    const whole = kind === undefined && cells.every(isWhole);
    const values = cells.map((cell) => (typeof cell === 'number' ? cell : Number.NaN));
    return whole ? numbers(values, [values.length], 'int64') : float64s(values);
  }
  if (kind === undefined && cells.every((cell) => typeof cell === 'boolean')) return bools(cells);
  return texts(cells.map((cell) => (cell === null ? '' : String(cell))));
}
