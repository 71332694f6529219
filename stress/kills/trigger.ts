import { existsSync, type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { hasHeader, headerEnd } from './left.js';

/** The event after which a process is killed, and a delay in milliseconds. */
export type Trigger = { readonly delay: number } & (
  | {
      /** `start`: the start of the process. `written`: the process prints that all chunks are written. */
      readonly kind: 'start' | 'written';
    }
  /** The record that the file is complete has been added to the journal, after all chunks were written. */
  | { readonly kind: 'complete' }
  /** The journal, without its header, has grown by this many bytes since the process started. */
  | { readonly kind: 'journal'; readonly bytes: number }
  /** The file with this ending appears or changes; '' stands for the complete file. */
  | { readonly kind: 'file'; readonly ending: '' | '.partial' | '.journal' }
);

/** Watches the folder of a file until the event of a trigger. */
export class Watch {
  readonly #trigger: Trigger;
  readonly #path: string;
  readonly #onTime: () => void;
  readonly #watcher: FSWatcher;
  /** Size of the journal from which its growth counts, in bytes; undefined until its header is complete. */
  #before: number | undefined;
  #hasFired = false;

  /** @param onTime called once, when the event occurs; the delay is the caller's */
  constructor(trigger: Trigger, path: string, onTime: () => void) {
    this.#trigger = trigger;
    this.#path = path;
    this.#onTime = onTime;
    if (endOfHeader(`${path}.journal`)) this.#before = sizeOf(`${path}.journal`);
    const name = basename(path);
    this.#watcher = watch(dirname(path), (_, changed) => {
      if (changed?.startsWith(name)) this.#changed(changed.slice(name.length));
    });
    if (trigger.kind === 'start') this.#fire();
  }

  /** To be called when the process prints that all chunks are written. */
  written(): void {
    this.#before = sizeOf(`${this.#path}.journal`);
    if (this.#trigger.kind === 'written') this.#fire();
    else if (this.#trigger.kind === 'complete') this.#isReady = true;
  }

  close(): void {
    this.#watcher.close();
  }

  #isReady = false;

  #changed(ending: string): void {
    const { kind } = this.#trigger;
    const size = sizeOf(this.#path + ending);
    if (size < 0) return;
    if (kind === 'file') {
      if (ending === this.#trigger.ending) this.#fire();
      return;
    }
    if (ending !== '.journal') return;
    // The header of a new journal does not count as growth.
    this.#before ??= endOfHeader(this.#path + ending);
    if (this.#before === undefined) return;
    const growth = size - this.#before;
    if (kind === 'complete' && this.#isReady && growth > 0) this.#fire();
    if (kind === 'journal' && growth >= this.#trigger.bytes) this.#fire();
  }

  #fire(): void {
    if (this.#hasFired) return;
    this.#hasFired = true;
    this.#onTime();
  }
}

/** The size of a file in bytes; -1 if it does not exist. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

/** Where the header of a journal ends, in bytes; undefined if there is none. */
function endOfHeader(journal: string): number | undefined {
  if (!existsSync(journal)) return undefined;
  const bytes = readFileSync(journal);
  return hasHeader(bytes) ? headerEnd(bytes) : undefined;
}
