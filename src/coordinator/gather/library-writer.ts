import type { Lattice } from '../../hdf5/index.js';
import { type AxisPick, product } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import { writeThroughLibrary } from '../unchunked-data.js';
import type { PieceWriter } from './growing.js';
import type { Target } from './target.js';

/** Writes pieces of datasets that are not chunked at once, through libhdf5 on the calling thread. */
export class LibraryWriter implements PieceWriter {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  write(
    { dataset, spec: { dtype }, number, itemSize, timestamps }: Target,
    picks: readonly AxisPick[],
    from: Lattice,
  ): void {
    const count = picks.map((pick) => pick.count);
    writeThroughLibrary(dataset, { picks, count }, from, dtype);
    timestamps?.putPiece(picks[0], from, dtype);
    this.#ledger.stored(number, product(count) * itemSize);
  }

  /** Does nothing: no chunk has to be read back. */
  fetch(): void {}

  send(): void {}

  /** Does nothing: every piece is written at once. */
  async flush(): Promise<void> {}
}
