import type { ConversionReport, InspectedDataset } from '../index.js';
import { printable } from './printable.js';

/** `340000 x 384`; `scalar` for no axes, `unlimited` for an axis without a limit. */
export function formatShape(shape: readonly (number | bigint | null)[]): string {
  return shape.length === 0 ? 'scalar' : shape.map((axis) => axis ?? 'unlimited').join(' x ');
}

/** Stored bytes as a share of raw bytes, `42.1 %`; a dash where there are no raw bytes. */
export function formatShare(stored: number, raw: number): string {
  return raw > 0 ? `${((100 * stored) / raw).toFixed(1)} %` : '-';
}

/** `0.42 s`, `12.3 s`, `3 min 05 s`, `2 h 03 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return formatWholeSeconds(seconds);
}

/** `12 s`, `3 min 05 s`, `2 h 03 min`. */
export function formatWholeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

type Filters =
  | ConversionReport['datasets'][number]['filters']
  | Readonly<InspectedDataset['filters']>;

/** The filters in the order in which they are applied, with h5py's names: `shuffle + gzip 4`. */
export function formatFilters(filters: Filters): string {
  return filters.map(formatFilter).join(' + ') || 'none';
}

function formatFilter(filter: Filters[number]): string {
  if ('kind' in filter) return filter.kind === 'deflate' ? `gzip ${filter.level}` : filter.kind;
  const { id, name, parameters } = filter;
  if (id === 1) return `gzip ${parameters[0] ?? ''}`.trim();
  return name || `filter ${id}`;
}

export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Aligns the cells of rows in columns, two spaces apart.
 *
 * @param align one letter per column, `l` or `r`
 */
export function table(rows: readonly (readonly string[])[], align: string): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = Array.from(align, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const cell = (text: string, column: number) =>
    align[column] === 'r' ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return cells.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
