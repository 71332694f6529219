import type { Lattice } from '../../hdf5/index.js';
import { type AxisPick, product } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import { writeThroughLibrary } from '../unchunked-data.js';
import type { PieceWriter } from './growing.js';
import type { Target } from './target.js';

/** Writes each piece of a dataset that is not chunked at once, through libhdf5 on the calling thread. */
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

  /** Does nothing, because there are no chunks to read back. */
  fetch(): void {}

  /** Does nothing, because no piece waits. */
  send(): void {}

  /** Does nothing, because every piece was written at once. */
  async flush(): Promise<void> {}
}
