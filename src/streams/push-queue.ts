import type { DataChunk } from './data-chunk.js';
import { FlushRequest } from './flush-request.js';

/** An element that is pushed and pulled. */
type Element = DataChunk | FlushRequest;
type Pulled = IteratorResult<Element, undefined>;

/** An element, and the functions that settle the promise of its push. */
interface Pushed {
  readonly element: Element;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A pull that waits for an element. */
interface Pull {
  readonly resolve: (pulled: Pulled) => void;
  readonly reject: (error: unknown) => void;
}

const DONE: Pulled = { done: true, value: undefined };

/**
 * A queue of elements. The promise of a pushed DataChunk resolves at the next pull, because the consumer has
 * copied its data by then.
 */
export class PushQueue {
  readonly #waiting: Pushed[] = [];
  /** DataChunks that were pulled and that the consumer may still read. */
  #inHand: Pushed[] = [];
  /** All elements whose promises are not settled. */
  readonly #unsettled = new Set<Pushed>();
  readonly #pulls: Pull[] = [];
  #end: { error: unknown } | undefined;
  #closed: { readonly error: unknown } | undefined;

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** The error with which the queue was closed; undefined if it is open. */
  get closed(): { readonly error: unknown } | undefined {
    return this.#closed;
  }

  /** Resolves when the DataChunk has been taken. The queue must be neither ended nor closed. */
  pushChunk(chunk: DataChunk): Promise<void> {
    return this.#push(() => chunk);
  }

  /** Resolves when the request for a flush has been answered. The queue must be neither ended nor closed. */
  pushFlush(): Promise<void> {
    return this.#push((settle) => new FlushRequest(settle));
  }

  /**
   * Ends the queue: pulls after the last element return nothing.
   *
   * @param error if given, the first pull after the last element is rejected with it
   */
  end(error?: unknown): void {
    if (this.#end || this.#closed) return;
    this.#end = { error };
    for (const pull of this.#pulls.splice(0)) this.#pullEnd().then(pull.resolve, pull.reject);
  }

  pull(): Promise<Pulled> {
    for (const { resolve } of this.#inHand.splice(0)) resolve();
    const next = this.#waiting.shift();
    if (next) return Promise.resolve(this.#deliver(next));
    if (this.#closed) return Promise.resolve(DONE);
    if (this.#end) return this.#pullEnd();
    return new Promise((resolve, reject) => this.#pulls.push({ resolve, reject }));
  }

  /** Rejects all pushes that are not settled with the error; pulls return nothing more. */
  close(error: unknown): void {
    if (this.#closed) return;
    this.#closed = { error };
    this.#waiting.length = 0;
    this.#inHand.length = 0;
    for (const { reject } of this.#unsettled) reject(error);
    for (const { resolve } of this.#pulls.splice(0)) resolve(DONE);
  }

  #push(make: (settle: (error?: unknown) => void) => Element): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      const pushed: Pushed = {
        element: make((error) => (error === undefined ? pushed.resolve() : pushed.reject(error))),
        resolve: () => {
          this.#unsettled.delete(pushed);
          resolve();
        },
        reject: (error) => {
          this.#unsettled.delete(pushed);
          reject(error);
        },
      };
      this.#unsettled.add(pushed);
      const pull = this.#pulls.shift();
      if (pull) pull.resolve(this.#deliver(pushed));
      else this.#waiting.push(pushed);
    });
    // Prevents an unhandled rejection: the conversion fails with the same error.
    promise.catch(() => {});
    return promise;
  }

  #deliver(pushed: Pushed): Pulled {
    const { element } = pushed;
    if (!(element instanceof FlushRequest)) this.#inHand.push(pushed);
    return { done: false, value: element };
  }

  /** The error is thrown only once, as by a generator. */
  #pullEnd(): Promise<Pulled> {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
  }
}
