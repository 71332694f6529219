import { intersect, relativeTo, shift } from '../../layout/hyperslab.js';
import { SourceError } from '../errors.js';
import type { Piece, SourceReader } from '../types.js';
import { after, closeParts, inTurn, nameOf } from './parts.js';

/**
 * Concatenates sources along axis 0.
 *
 * @throws SourceError if their dtypes or their other axes differ
 */
export function concatenate(parts: readonly SourceReader[]): SourceReader {
  const [first] = parts;
  const rows = parts.map((part) => part.info.shape[0]);
  for (const part of parts.slice(1)) checkAlike(first, part);
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((sum, n) => sum + n, 0));
  const { dtype, shape, storageOrder } = first.info;
  const total = rows.reduce((sum, n) => sum + n, 0);
  const axes = shape.map((_, axis) => axis);
  const sameOrder = parts.every((part) => String(part.info.storageOrder) === String(storageOrder));
  return {
    info: {
      dtype,
      shape: [total, ...shape.slice(1)],
      storageOrder: sameOrder ? storageOrder : axes,
      files: parts.flatMap((part) => part.info.files),
      isBool: parts.some((part) => part.info.isBool),
    },
    // The scratch memory of a part grows at least in proportion to its rows. So the part that needs most, if it
    // had all rows, bounds any distribution of the rows over the parts.
    scratchBytes: (slab) => Math.max(...parts.map((part) => part.scratchBytes(slab))),
    read(slab, scratch) {
      let used = 0;
      const reads: (() => readonly Piece[] | Promise<readonly Piece[]>)[] = [];
      for (const [i, part] of parts.entries()) {
        const origin = shape.map((_, axis) => (axis === 0 ? starts[i] : 0));
        const covered = intersect(slab, { start: origin, count: part.info.shape });
        if (!covered) continue;
        const inPart = relativeTo(covered, origin);
        const begin = used;
        used += part.scratchBytes(inPart);
        const target = scratch.subarray(begin, used);
        reads.push(() =>
          after(part.read(inPart, target), (pieces) =>
            pieces.map((piece) => ({ ...piece, start: shift(piece, origin).start })),
          ),
        );
      }
      return after(inTurn(reads), (pieces) => pieces.flat());
    },
    close: () => closeParts(parts),
  };
}

function checkAlike(first: SourceReader, part: SourceReader): void {
  const describe = ({ info }: SourceReader): string =>
    `${info.dtype} and shape [${['*', ...info.shape.slice(1)].join(', ')}]`;
  const expected = describe(first);
  const received = describe(part);
  if (expected !== received) {
    throw new SourceError({
      path: nameOf(part),
      expected: `${expected}, as in ${nameOf(first)},`,
      received,
    });
  }
}
