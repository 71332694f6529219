import { within } from '../../../hyperslab-error.js';
import { plural } from '../../../wording.js';
import { SourceError } from '../../errors.js';
import type { CsvSpec } from '../../spec.js';

/** A selected column of a CSV file. */
export interface CsvColumn {
  readonly index: number;
  /** As messages name it. */
  readonly name: string;
}

const NOUNS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  ' ': 'spaces',
};

/** The character between the cells: by default a comma, and a tab in files that end in `.tsv`. */
export function delimiterOf({ path, delimiter }: CsvSpec): string {
  if (delimiter === 'tab') return '\t';
  return delimiter ?? (/\.tsv$/i.test(path) ? '\t' : ',');
}

/**
 * Resolves the columns that a source selects, by name or by number.
 *
 * @param first cells of the first line: the names, if the file has a header
 * @throws SourceError for a column that does not exist or whose name is not unique
 */
export function csvColumns(spec: CsvSpec, first: readonly string[]): CsvColumn[] {
  const { path, column, columns, header = true } = spec;
  within('delimiter', () => refuseOtherDelimiter(spec, first));
  const nameOf = (index: number) =>
    header && first[index] !== '' ? `'${first[index]}'` : `${index}`;
  const wanted = columns ?? (column === undefined ? [...first.keys()] : [column]);
  return within(columns ? 'columns' : 'column', () =>
    wanted.map((one) => {
      const index = typeof one === 'number' ? one : indexOf(one, first, spec);
      if (index >= first.length)
        throw new SourceError({
          path,
          expected: `columns from 0 to ${first.length - 1}`,
          received: String(index),
        });
      return { index, name: nameOf(index) };
    }),
  );
}

function indexOf(name: string, names: readonly string[], { path, header = true }: CsvSpec): number {
  if (!header)
    throw new SourceError({
      path,
      expected: 'columns by number, as header is false,',
      received: `'${name}'`,
    });
  const index = names.indexOf(name);
  if (index >= 0 && names.lastIndexOf(name) === index) return index;
  const shown = names.slice(0, 20).map((one) => `'${one}'`);
  const more = names.length > shown.length ? `, … (${plural(names.length, 'column')})` : '';
  throw new SourceError({
    path,
    expected: `one column '${name}'`,
    received: index < 0 ? `the columns ${shown.join(', ')}${more}` : 'several of that name',
  });
}

/** Other characters between the cells are the most likely mistake, and would give one column of texts. */
function refuseOtherDelimiter(spec: CsvSpec, first: readonly string[]): void {
  if (first.length > 1) return;
  const delimiter = delimiterOf(spec);
  const other = Object.keys(NOUNS).find(
    (one) => one !== delimiter && one !== ' ' && first[0]?.includes(one),
  );
  if (other === undefined) return;
  throw new SourceError({
    path: spec.path,
    expected: `${NOUNS[delimiter] ?? `'${delimiter}'`} between the columns`,
    received: NOUNS[other],
    hint: `delimiter: ${other === '\t' ? 'tab' : `'${other}'`}`,
  });
}
