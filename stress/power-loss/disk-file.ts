import { History, type Version } from './history.js';

/** What the system writes back at one go, bytes. */
export const PAGE = 4096;

/** Bytes of a page; undefined: zeros that were never written, or cut off. */
export type Page = Uint8Array | undefined;

/** A file as it may be found after a crash. */
export interface FoundFile {
  readonly inode: bigint;
  readonly mtimeNs: bigint;
  readonly contents: Buffer;
}

/** Decides what of a file has come to the disk; versions are given the oldest first, one at least. */
export interface Choice {
  size(versions: readonly Version<number>[]): Version<number>;
  time(versions: readonly Version<bigint>[]): Version<bigint>;
  page(versions: readonly Version<Page>[]): Page;
}

/** What is in the system's cache, as every process sees it. */
export const NEWEST: Choice = {
  size: (versions) => versions[versions.length - 1],
  time: (versions) => versions[versions.length - 1],
  page: (versions) => versions[versions.length - 1].value,
};

/**
 * One file: all states of it that the disk may hold. Each page comes to the disk by itself, as it was
 * at any moment since it was last synced; so does the size; so does the time of change.
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

  /** @param isDataOnly as `fdatasync` does: the size, but not the time of change */
  settle(moment: number, isDataOnly: boolean): void {
    this.#sizes.settle(moment);
    if (!isDataOnly) this.#times.settle(moment);
    for (const history of this.#pages.values()) history.settle(moment);
  }

  /**
   * The file as a choice has it.
   *
   * @param end the moment from which on no size has come to the disk
   */
  found(choice: Choice, end = Number.POSITIVE_INFINITY): FoundFile {
    // First, since every change has a time, from which a choice may draw a moment for all of the file.
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
 * A page that was cut off as a whole is given back by the same change that makes the file shorter: with
 * a size from before the cut the page is what it was, with one from behind it nothing of that is left.
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
