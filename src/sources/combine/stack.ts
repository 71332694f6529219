import { SourceError } from '../errors.js';
import type { Piece, SourceReader } from '../types.js';
import { after, closeParts, inTurn, nameOf } from './parts.js';

/**
 * Stacks one source per channel, each of shape [T] or [T, 1], to a source of shape [T, channels].
 *
 * @throws SourceError if dtypes or lengths differ, or one source has several channels
 */
export function stackChannels(parts: readonly SourceReader[]): SourceReader {
  const [first] = parts;
  const { dtype } = first.info;
  const length = first.info.shape[0];
  for (const part of parts) checkChannel(first, part);
  return {
    info: {
      dtype,
      shape: [length, parts.length],
      storageOrder: [1, 0],
      files: parts.flatMap((part) => part.info.files),
      isBool: parts.some((part) => part.info.isBool),
    },
    scratchBytes({ count: [samples, channels] }) {
      const count = [samples, 1];
      const start = [0, 0];
      return (
        channels * Math.max(...parts.map((part) => part.scratchBytes(forPart(part, start, count))))
      );
    },
    read({ start, count }, scratch) {
      let used = 0;
      const reads = parts.slice(start[1], start[1] + count[1]).map((part, i) => {
        const slab = forPart(part, [start[0], 0], [count[0], 1]);
        const begin = used;
        used += part.scratchBytes(slab);
        const target = scratch.subarray(begin, used);
        return () =>
          after(part.read(slab, target), (pieces) =>
            pieces.map((piece) => asChannel(piece, start[1] + i)),
          );
      });
      return after(inTurn(reads), (pieces) => joinChannels(pieces.flat(), scratch));
    },
    close: () => closeParts(parts),
  };
}

function checkChannel(first: SourceReader, part: SourceReader): void {
  const { dtype, shape } = part.info;
  const path = nameOf(part);
  const asFirst = part === first ? '' : `, as in ${nameOf(first)},`;
  if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
    const received = `[${shape.join(', ')}]`;
    throw new SourceError({ path, expected: 'one channel, shape [T] or [T, 1],', received });
  }
  if (dtype !== first.info.dtype) {
    throw new SourceError({ path, expected: `${first.info.dtype}${asFirst}`, received: dtype });
  }
  if (shape[0] !== first.info.shape[0]) {
    throw new SourceError({
      path,
      expected: `${first.info.shape[0]} samples${asFirst}`,
      received: `${shape[0]}`,
    });
  }
}

/** A slab of one channel, in the rank of its part. */
function forPart(part: SourceReader, start: readonly number[], count: readonly number[]) {
  const rank = part.info.shape.length;
  return { start: start.slice(0, rank), count: count.slice(0, rank) };
}

function asChannel(piece: Piece, channel: number): Piece {
  return {
    ...piece,
    start: [piece.start[0], channel],
    count: [piece.count[0], 1],
    steps: [piece.steps[0], 0],
  };
}

/** Joins the pieces of channels that lie at equal distances in `scratch`, as those of plain files do. */
function joinChannels(pieces: readonly Piece[], scratch: Uint8Array): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const both = last && join(last, piece, scratch);
    if (both) joined[joined.length - 1] = both;
    else joined.push(piece);
  }
  return joined;
}

function join(a: Piece, b: Piece, scratch: Uint8Array): Piece | undefined {
  const alike =
    a.swap === b.swap &&
    a.start[0] === b.start[0] &&
    a.count[0] === b.count[0] &&
    typeof a.steps[0] === 'number' &&
    a.steps[0] === b.steps[0] &&
    a.bytes.buffer === scratch.buffer &&
    b.bytes.buffer === scratch.buffer;
  if (!alike || typeof a.steps[1] !== 'number') return undefined;
  const offset = a.bytes.byteOffset + a.offset - scratch.byteOffset;
  const distance = b.bytes.byteOffset + b.offset - scratch.byteOffset - offset;
  const channels = a.count[1];
  const step = channels === 1 ? distance : a.steps[1];
  if (distance !== channels * step) return undefined;
  return {
    ...a,
    // The joined piece has bytes of several files.
    origin: undefined,
    count: [a.count[0], channels + 1],
    bytes: scratch,
    offset,
    steps: [a.steps[0], step],
  };
}
