import type { Lattice } from '../../hdf5/index.js';
import { type AxisPick, product } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import { writeThroughLibrary } from '../unchunked-data.js';
import type { PieceWriter } from './growing.js';
import type { Target } from './target.js';

/** Takes in pieces of datasets that are not chunked: libhdf5 writes each at once, on this thread. */
export class LibraryWriter implements PieceWriter {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  write(
    { dataset, dtype, number, itemSize, timestamps }: Target,
    picks: readonly AxisPick[],
    from: Lattice,
  ): void {
    const count = picks.map((pick) => pick.count);
    writeThroughLibrary(dataset, { picks, count }, from, dtype);
    timestamps?.putPiece(picks[0], from, dtype);
    this.#ledger.stored(number, product(count) * itemSize);
  }

  /** There is nothing to be read back. */
  fetch(): void {}

  send(): void {}

  /** Nothing is held back. */
  async flush(): Promise<void> {}
}
