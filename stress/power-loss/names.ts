/** A change of the names of a folder. */
type Change =
  | { readonly kind: 'create'; readonly name: string; readonly inode: bigint }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string; readonly inode: bigint }
  | { readonly kind: 'unlink'; readonly name: string };

interface Pending {
  readonly moment: number;
  readonly change: Change;
  /** Whether some file was synced since, which with a journal brings all earlier changes along. */
  isBehindSync: boolean;
}

/**
 * `journal`: changes of names and sizes come to the disk in their order, and syncing a file brings all
 * before it along, as on ext4 and xfs. `posix`: any of them may be missing until the folder is synced.
 */
export type NameOrder = 'journal' | 'posix';

/** Draws for names; see {@link Names.found}. */
export interface NameChoice {
  readonly order: NameOrder;
  /** How many of so many changes have come to the disk, from `least` to `most`. */
  count(least: number, most: number): number;
  /** Whether a single one has. */
  has(): boolean;
}

export const ALL_NAMES: NameChoice = {
  order: 'journal',
  count: (_, most) => most,
  has: () => true,
};

export interface FoundNames {
  readonly inodes: Map<string, bigint>;
  /** Sizes from this moment on have not come to the disk either. */
  readonly end: number;
}

/** The names of the files of a folder, and which of them the disk may have. */
export class Names {
  #settled: Map<string, bigint>;
  readonly #now: Map<string, bigint>;
  #pending: Pending[] = [];

  constructor(names: ReadonlyMap<string, bigint> = new Map()) {
    this.#settled = new Map(names);
    this.#now = new Map(names);
  }

  create(moment: number, name: string, inode: bigint): void {
    this.#change(moment, { kind: 'create', name, inode });
  }

  rename(moment: number, name: string, to: string): void {
    const inode = this.#now.get(name);
    if (inode === undefined) throw new Error(`Expected a file ${name} to rename but there is none`);
    this.#change(moment, { kind: 'rename', name, to, inode });
  }

  unlink(moment: number, name: string): void {
    this.#change(moment, { kind: 'unlink', name });
  }

  /** The folder was synced. */
  settle(moment: number): void {
    for (const { change } of this.#pending.filter((one) => one.moment <= moment))
      apply(this.#settled, change);
    this.#pending = this.#pending.filter((one) => one.moment > moment);
  }

  /** A file was synced. */
  settleFile(moment: number): void {
    for (const one of this.#pending) if (one.moment <= moment) one.isBehindSync = true;
  }

  /** The files by their names, as a choice has them. */
  found({ order, count, has }: NameChoice): FoundNames {
    const inodes = new Map(this.#settled);
    if (order === 'posix') {
      for (const { change } of this.#pending) if (has()) apply(inodes, change);
      return { inodes, end: Number.POSITIVE_INFINITY };
    }
    const least = this.#pending.findLastIndex((one) => one.isBehindSync) + 1;
    const kept = count(least, this.#pending.length);
    for (const { change } of this.#pending.slice(0, kept)) apply(inodes, change);
    return { inodes, end: this.#pending[kept]?.moment ?? Number.POSITIVE_INFINITY };
  }

  #change(moment: number, change: Change): void {
    apply(this.#now, change);
    this.#pending.push({ moment, change, isBehindSync: false });
  }
}

function apply(names: Map<string, bigint>, change: Change): void {
  if (change.kind !== 'create') names.delete(change.name);
  if (change.kind === 'create') names.set(change.name, change.inode);
  if (change.kind === 'rename') names.set(change.to, change.inode);
}
