import type { Lattice } from '../../hdf5/index.js';
import type { AxisPick } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import type { Gatherer } from './gatherer.js';
import type { Target } from './target.js';

/** Takes in pieces of datasets, like {@link Gatherer}. */
export type PieceWriter = Pick<Gatherer, 'write' | 'fetch' | 'send' | 'flush'>;

/** The writer of pieces, and the ledger with the extents that grow. */
export interface GrowthContext {
  readonly ledger: Ledger;
  readonly gatherer: PieceWriter;
  /**
   * Restores the extent of a dataset if the piece that it grew for could not be written. Must not throw. Default:
   * the dataset keeps the larger extent.
   */
  readonly takeBack?: ((target: Target, extent: readonly number[]) => Promise<void>) | undefined;
}

/** A piece of a dataset, and the extent that the dataset needs for it. */
export interface GrowingPiece {
  readonly picks: readonly AxisPick[];
  readonly from: Lattice;
  readonly extent: readonly number[];
}

/**
 * Writes a piece into a dataset, and grows the dataset for it. If a chunk that the piece goes into can't be read
 * back, the dataset does not grow. Returns a promise only if it has to wait.
 *
 * @throws LayoutError if HDF5 can't have a dataset of this extent; else what `Gatherer.write` throws
 */
export function writeGrowing(
  target: Target,
  { picks, from, extent }: GrowingPiece,
  { ledger, gatherer, takeBack }: GrowthContext,
): void | Promise<void> {
  const before = ledger.extent(target.number);
  if (String(extent) === String(before)) return gatherer.write(target, picks, from);
  const grow = () => {
    const written = attempt(() => {
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

/** Calls a function, and turns an error that it throws at once into a rejected promise. */
function attempt(body: () => void | Promise<void>): void | Promise<void> {
  try {
    return body();
  } catch (error) {
    return Promise.reject(error);
  }
}
