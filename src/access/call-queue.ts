/** Calls that are done one after the other; one that fails does not keep the next from its turn. */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a body when all that was asked before has been done. */
  take<T>(body: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** When all that was asked has been done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
