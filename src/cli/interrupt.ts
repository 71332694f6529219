import { type InterruptSignal, SIGNAL_EXIT } from './exit-codes.js';

/** The user, or the system, asked the process to stop. */
export class Interrupted extends Error {
  readonly tag = 'Interrupted';
  override readonly name = 'Interrupted';
  readonly signal: InterruptSignal;
  readonly exitCode: number;

  constructor(signal: InterruptSignal, left = '') {
    super(`interrupted by ${signal}${left && `: ${left}`}`);
    this.signal = signal;
    this.exitCode = SIGNAL_EXIT[signal];
  }
}

/**
 * Runs work that the first SIGINT, SIGTERM or SIGHUP asks to stop, through the AbortSignal that it
 * gets. A second signal ends the process at once, as if no one had listened.
 *
 * @param left what is left when the work was stopped, for the message
 * @throws Interrupted when the work stopped for a signal; else what the work throws
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  left: () => string = () => '',
): Promise<T> {
  const controller = new AbortController();
  const signals = Object.keys(SIGNAL_EXIT) as InterruptSignal[];
  const release = () => {
    for (const name of signals) process.removeListener(name, stop);
  };
  const stop = (name: InterruptSignal) => {
    if (!controller.signal.aborted) return controller.abort(new Interrupted(name));
    release();
    process.kill(process.pid, name);
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (error instanceof Interrupted) throw new Interrupted(error.signal, left());
    throw error;
  } finally {
    release();
  }
}
