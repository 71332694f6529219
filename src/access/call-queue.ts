/** Runs calls one after the other. A call that fails does not affect the calls after it. */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `body` after all earlier calls have ended. */
  take<T>(body: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Resolves when all calls so far have ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
