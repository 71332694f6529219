import type { BulkData } from '../description/index.js';
import { within } from '../hyperslab-error.js';
import { type Maxshape, numberFits } from '../layout/index.js';
import type { BulkInfo } from './bulk-info.js';
import { NwbError } from './errors.js';

/** Refuses storage options that do not fit the type and shape of the data. */
export function checkBulk(name: string, data: BulkData, info: BulkInfo): void {
  within('chunks', () => checkChunks(name, data, info));
  within('fillvalue', () => checkFillvalue(name, data, info));
  const maxshape = data.maxshape ?? info.maxshape;
  if (maxshape) within('maxshape', () => checkMaxshape(name, maxshape, info));
}

function checkChunks(name: string, data: BulkData, info: BulkInfo): void {
  const { shape } = info;
  if (Array.isArray(data.chunks) && data.chunks.length !== shape.length) {
    const expected = `${shape.length} chunk lengths (${dataAre(info)})`;
    throw new NwbError({ name, expected, received: `${data.chunks.length}` });
  }
}

function checkFillvalue(name: string, data: BulkData, { dtype }: BulkInfo): void {
  if (data.fillvalue !== undefined && !numberFits(data.fillvalue, dtype)) {
    throw new NwbError({
      name,
      expected: `a fillvalue that ${dtype} can hold`,
      received: `${data.fillvalue}`,
    });
  }
}

/**
 * Only time may grow, because readers take maxshape for the shape when they compare the other axes.
 * Iterators are exempt: none of their lengths need be known in advance.
 */
function checkMaxshape(name: string, maxshape: Maxshape, info: BulkInfo): void {
  const { shape } = info;
  if (maxshape.length !== shape.length) {
    const expected = `a maxshape of ${shape.length} lengths (${dataAre(info)})`;
    throw new NwbError({ name, expected, received: `${maxshape.length}` });
  }
  for (const [axis, length] of shape.entries()) {
    const most = maxshape[axis] ?? null;
    const isFixed = axis > 0 && info.maxshape === undefined;
    if (isFixed ? most === length : most === null || most >= length) continue;
    const expected = isFixed
      ? `maxshape[${axis}] to be ${length}, the length of that axis (only axis 0, time, can grow),`
      : `maxshape[${axis}] to be null or at least ${length}, the length of that axis,`;
    throw new NwbError({ name, expected, received: `${most}` });
  }
}

/** Refuses data of a rank that the schema does not allow for this kind of series. */
export function checkRank(name: string, shape: readonly number[], most: number): void {
  if (shape.length >= 1 && shape.length <= most) return;
  throw new NwbError({
    name,
    expected: `data with 1 to ${most} axes, time first,`,
    received: showShape(shape),
  });
}

/** Refuses timestamps that are not one float64 for each sample. `samples` is undefined if not known yet. */
export function checkTimestamps(
  name: string,
  timestamps: { readonly dtype: string; readonly shape: readonly number[] },
  samples: number | undefined,
  hint?: string,
): void {
  const { dtype, shape } = timestamps;
  if (dtype !== 'float64')
    throw new NwbError({
      name,
      expected: 'float64 (seconds)',
      received: dtype,
      ...(hint !== undefined && { hint }),
    });
  if (shape.length !== 1)
    throw new NwbError({ name, expected: '1 axis', received: showShape(shape) });
  if (samples !== undefined && shape[0] !== samples) {
    throw new NwbError({
      name,
      expected: `${samples} timestamps, one for each sample,`,
      received: `${shape[0]}`,
    });
  }
}

function dataAre({ shape, maxshape }: BulkInfo): string {
  return `the data ${maxshape ? 'begin as' : 'are'} ${showShape(shape)}`;
}

/** `108000000 x 384`. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'a scalar' : shape.join(' x ');
}
