import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** When a process is killed; delays are milliseconds. */
export type Trigger = { readonly delay: number } & (
  | {
      /** `start`: from its start. `written`: once it says that all chunks are written. */
      readonly kind: 'start' | 'written';
    }
  /** Once the journal says more than that: that the file is complete. */
  | { readonly kind: 'complete' }
  /** Once the journal has grown by so many bytes, from its header or from where it was. */
  | { readonly kind: 'journal'; readonly bytes: number }
  /** Once a file of this name's ending appears, or changes; '' is that of the complete file. */
  | { readonly kind: 'file'; readonly ending: '' | '.partial' | '.journal' }
);

/** Watches the folder of a file to be until it is time. */
export class Watch {
  readonly #trigger: Trigger;
  readonly #path: string;
  readonly #onTime: () => void;
  readonly #watcher: FSWatcher;
  /** Bytes of the journal from which its growth counts. */
  #before: number;
  #isTime = false;

  /** @param onTime called once, before the delay */
  constructor(trigger: Trigger, path: string, onTime: () => void) {
    this.#trigger = trigger;
    this.#path = path;
    this.#onTime = onTime;
    this.#before = sizeOf(`${path}.journal`);
    const name = basename(path);
    this.#watcher = watch(dirname(path), (_, changed) => {
      if (changed?.startsWith(name)) this.#changed(changed.slice(name.length));
    });
    if (trigger.kind === 'start') this.#tell();
  }

  /** The process has said that all chunks are written. */
  written(): void {
    this.#before = sizeOf(`${this.#path}.journal`);
    if (this.#trigger.kind === 'written') this.#tell();
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
      if (ending === this.#trigger.ending) this.#tell();
      return;
    }
    if (ending !== '.journal') return;
    // The header, of one that begins.
    if (this.#before <= 0) this.#before = size;
    const growth = size - this.#before;
    if (kind === 'complete' && this.#isReady && growth > 0) this.#tell();
    if (kind === 'journal' && this.#before > 0 && growth >= this.#trigger.bytes) this.#tell();
  }

  #tell(): void {
    if (this.#isTime) return;
    this.#isTime = true;
    this.#onTime();
  }
}

/** -1 of what is not there. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
