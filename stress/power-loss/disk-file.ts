import { History, type Version } from './history.js';

/** Bytes that the system writes back together. */
export const PAGE = 4096;

/** Bytes of a page; undefined if the page was never written or was cut off, so that it reads as zeros. */
export type Page = Uint8Array | undefined;

/** A file as it may be found after a crash. */
export interface FoundFile {
  readonly inode: bigint;
  readonly mtimeNs: bigint;
  readonly contents: Buffer;
}

/** Decides which versions of a file's parts have reached the disk. Versions are never empty; the oldest is first. */
export interface Choice {
  size(versions: readonly Version<number>[]): Version<number>;
  time(versions: readonly Version<bigint>[]): Version<bigint>;
  page(versions: readonly Version<Page>[]): Page;
}

/** Chooses the newest versions: the system's cache, which every process sees. */
export const NEWEST: Choice = {
  size: (versions) => versions[versions.length - 1],
  time: (versions) => versions[versions.length - 1],
  page: (versions) => versions[versions.length - 1].value,
};

/**
 * A file with all states that the disk may hold. Each page, the size and the modification time reach the disk
 * independently, each as it was at any moment since the last sync.
 */
export class DiskFile {
  readonly inode: bigint;
  readonly #sizes: History<number>;
  readonly #times: History<bigint>;
  readonly #pages = new Map<number, History<Page>>();

  constructor({ inode, mtimeNs, contents }: FoundFile, moment: number) {
    this.inode = inode;
    this.#sizes = new History(contents.length, moment);
    this.#times = new History(mtimeNs, moment);
    for (let at = 0; at < contents.length; at += PAGE) {
      const page = new Uint8Array(PAGE);
      page.set(contents.subarray(at, at + PAGE));
      this.#pages.set(at / PAGE, new History<Page>(page, moment));
    }
  }

  write(moment: number, at: number, bytes: Uint8Array, mtimeNs: bigint): void {
    const end = at + bytes.length;
    for (let page = Math.floor(at / PAGE); page * PAGE < end; page++) {
      const history = this.#historyOf(page);
      const changed = history.last?.slice() ?? new Uint8Array(PAGE);
      const [from, to] = [Math.max(at, page * PAGE), Math.min(end, (page + 1) * PAGE)];
      changed.set(bytes.subarray(from - at, to - at), from - page * PAGE);
      history.change(moment, changed);
    }
    if (end > this.#sizes.last) this.#sizes.change(moment, end);
    this.#times.change(moment, mtimeNs);
  }

  resize(moment: number, size: number, mtimeNs: bigint): void {
    const was = this.#sizes.last;
    for (let page = Math.floor(size / PAGE); page * PAGE < was; page++) {
      const history = this.#historyOf(page);
      const kept = size - page * PAGE;
      const cut = kept > 0 ? history.last?.slice().fill(0, kept) : undefined;
      history.change(moment, cut);
    }
    if (size !== was) this.#sizes.change(moment, size);
    this.#times.change(moment, mtimeNs);
  }

  /**
   * The file was synced.
   *
   * @param isDataOnly whether by `fdatasync`, which includes the size but not the modification time
   */
  settle(moment: number, isDataOnly: boolean): void {
    this.#sizes.settle(moment);
    if (!isDataOnly) this.#times.settle(moment);
    for (const history of this.#pages.values()) history.settle(moment);
  }

  /**
   * The file as it is found after a crash.
   *
   * @param end changes of the size at this moment or later did not reach the disk
   */
  found(choice: Choice, end = Number.POSITIVE_INFINITY): FoundFile {
    // The time is chosen first: every change sets one, so a choice can draw one moment for the whole file from them.
    const mtimeNs = choice.time(this.#times.versions).value;
    const size = choice.size(
      this.#sizes.versions.filter(({ moment }, at) => at === 0 || moment < end),
    );
    const contents = Buffer.alloc(size.value);
    for (const [page, { versions }] of this.#pages) {
      if (page * PAGE >= size.value) continue;
      const bytes = choice.page(possible(versions, size.moment));
      if (bytes) contents.set(bytes.subarray(0, size.value - page * PAGE), page * PAGE);
    }
    return { inode: this.inode, mtimeNs, contents };
  }

  #historyOf(page: number): History<Page> {
    const history = this.#pages.get(page) ?? new History<Page>(undefined);
    this.#pages.set(page, history);
    return history;
  }
}

/**
 * The versions of a page that are possible with a size. The change that shortens a file also frees the pages that it
 * cuts off: with a size from before the cut, such a page has its old contents, and with a later size it has none.
 */
function possible(
  versions: readonly Version<Page>[],
  sizeMoment: number,
): readonly Version<Page>[] {
  const isCut = ({ value }: Version<Page>, at: number) => value === undefined && at > 0;
  const done = versions.findLastIndex((one, at) => isCut(one, at) && one.moment <= sizeMoment);
  const behind = versions.slice(Math.max(0, done));
  const open = behind.findIndex((one, at) => isCut(one, at));
  return open < 0 ? behind : behind.slice(0, open);
}
