/** A change of a folder's names. */
type Change =
  | { readonly kind: 'create'; readonly name: string; readonly inode: bigint }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string; readonly inode: bigint }
  | { readonly kind: 'unlink'; readonly name: string };

interface Pending {
  readonly moment: number;
  readonly change: Change;
  /** Whether some file was synced later, which makes the change durable in the order `journal`. */
  hasLaterSync: boolean;
}

/**
 * `journal`: changes of names and sizes reach the disk in their order, and syncing a file makes all earlier changes
 * durable, as on ext4 and xfs. `posix`: any change may be missing until the folder is synced.
 */
export type NameOrder = 'journal' | 'posix';

/** Decides which changes of names have reached the disk; see {@link Names.found}. */
export interface NameChoice {
  readonly order: NameOrder;
  /** In the order `journal`, how many of the first changes have; from `min` to `max`. */
  count(min: number, max: number): number;
  /** In the order `posix`, whether one change has. */
  has(): boolean;
}

/** All changes have reached the disk. */
export const ALL_NAMES: NameChoice = {
  order: 'journal',
  count: (_, max) => max,
  has: () => true,
};

export interface FoundNames {
  /** Inodes of the files, by name. */
  readonly inodes: Map<string, bigint>;
  /** No change of a size from this moment on has reached the disk. */
  readonly end: number;
}

/** The names of a folder's files, with all states that the disk may hold. */
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
    if (inode === undefined) throw new Error(`${name} was renamed but does not exist`);
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
    for (const one of this.#pending) if (one.moment <= moment) one.hasLaterSync = true;
  }

  /** The names as they are found after a crash. */
  found({ order, count, has }: NameChoice): FoundNames {
    const inodes = new Map(this.#settled);
    if (order === 'posix') {
      for (const { change } of this.#pending) if (has()) apply(inodes, change);
      return { inodes, end: Number.POSITIVE_INFINITY };
    }
    const durable = this.#pending.findLastIndex((one) => one.hasLaterSync) + 1;
    const kept = count(durable, this.#pending.length);
    for (const { change } of this.#pending.slice(0, kept)) apply(inodes, change);
    return { inodes, end: this.#pending[kept]?.moment ?? Number.POSITIVE_INFINITY };
  }

  #change(moment: number, change: Change): void {
    apply(this.#now, change);
    this.#pending.push({ moment, change, hasLaterSync: false });
  }
}

function apply(names: Map<string, bigint>, change: Change): void {
  if (change.kind !== 'create') names.delete(change.name);
  if (change.kind === 'create') names.set(change.name, change.inode);
  if (change.kind === 'rename') names.set(change.to, change.inode);
}
