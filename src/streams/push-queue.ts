import type { DataChunk } from './data-chunk.js';
import { FlushRequest } from './flush-request.js';

/** What iterators yield. */
type Element = DataChunk | FlushRequest;
type Pulled = IteratorResult<Element, undefined>;

/** An element, and the promise that whoever pushed it waits for. */
interface Pushed {
  readonly element: Element;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A pull for which nothing is there yet. */
interface Pull {
  readonly resolve: (pulled: Pulled) => void;
  readonly reject: (error: unknown) => void;
}

const DONE: Pulled = { done: true, value: undefined };

/**
 * Elements that are pushed at one end and pulled at the other, in their order. A DataChunk counts as
 * taken when the next element is asked for, as the one who pulls is done with it then.
 */
export class PushQueue {
  readonly #waiting: Pushed[] = [];
  /** DataChunks that were pulled last; none of what is asked for next. */
  #inHand: Pushed[] = [];
  /** All whose promises are not settled. */
  readonly #unsettled = new Set<Pushed>();
  readonly #pulls: Pull[] = [];
  #end: { error: unknown } | undefined;
  #closed: { readonly error: unknown } | undefined;

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** With what it was closed, if it was. */
  get closed(): { readonly error: unknown } | undefined {
    return this.#closed;
  }

  /** Resolves when the DataChunk was taken; it must neither be ended nor closed. */
  pushChunk(chunk: DataChunk): Promise<void> {
    return this.#push(() => chunk);
  }

  /** Resolves when the request for a flush was answered; it must neither be ended nor closed. */
  pushFlush(): Promise<void> {
    return this.#push((settle) => new FlushRequest(settle));
  }

  /**
   * No more is pushed: after what was, pulls have nothing more.
   *
   * @param error what they throw instead, unless it is undefined
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

  /** Nothing more is pulled: all who wait are told the error. */
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
    // Who does not wait for it has the error from the conversion, which fails with it.
    promise.catch(() => {});
    return promise;
  }

  #deliver(pushed: Pushed): Pulled {
    const { element } = pushed;
    if (!(element instanceof FlushRequest)) this.#inHand.push(pushed);
    return { done: false, value: element };
  }

  /** The error is thrown once, as by a generator. */
  #pullEnd(): Promise<Pulled> {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
  }
}
