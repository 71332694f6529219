import type { Lattice } from '../../hdf5/index.js';
import type { AxisPick } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import type { Gatherer } from './gatherer.js';
import type { Target } from './target.js';

/** Takes in pieces of datasets, as {@link Gatherer} does. */
export type PieceWriter = Pick<Gatherer, 'write' | 'fetch' | 'send' | 'flush'>;

/** Who takes in a piece, and what it grows. */
export interface GrowthContext {
  readonly ledger: Ledger;
  readonly gatherer: PieceWriter;
  /**
   * Gives a dataset the extent back that it had before a piece which could not be written. It must not
   * throw. Default: the dataset stays as large as the piece has made it.
   */
  readonly takeBack?: ((target: Target, extent: readonly number[]) => Promise<void>) | undefined;
}

/** A piece of a dataset, and the extent that it needs. */
export interface GrowingPiece {
  readonly picks: readonly AxisPick[];
  readonly from: Lattice;
  readonly extent: readonly number[];
}

/**
 * Takes a piece into a dataset, which grows for it: but not where a chunk that it goes into can't be
 * read back. A promise only where it has to wait.
 *
 * @throws as `Gatherer.write`
 */
export function writeGrowing(
  target: Target,
  { picks, from, extent }: GrowingPiece,
  { ledger, gatherer, takeBack }: GrowthContext,
): void | Promise<void> {
  const before = ledger.extent(target.number);
  if (String(extent) === String(before)) return gatherer.write(target, picks, from);
  const grow = () => {
    const written = begun(() => {
      ledger.resize(target.number, extent);
      return gatherer.write(target, picks, from);
    });
    return written?.catch(async (error) => {
      await takeBack?.(target, before);
      throw error;
    });
  };
  const fetched = gatherer.fetch(target, picks, before);
  return fetched ? fetched.then(grow) : grow();
}

/** What is thrown before there is a promise is its error all the same. */
function begun(body: () => void | Promise<void>): void | Promise<void> {
  try {
    return body();
  } catch (error) {
    return Promise.reject(error);
  }
}
