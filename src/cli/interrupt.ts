import { HyperslabError } from '../hyperslab-error.js';
import { type InterruptSignal, SIGNAL_EXIT } from './exit-codes.js';

export interface InterruptedFields {
  readonly signal: InterruptSignal;
  /** What the stopped work leaves behind. */
  readonly left?: string;
}

/** A signal asked the process to stop. */
export class Interrupted extends HyperslabError<'Interrupted', InterruptedFields> {
  constructor(fields: InterruptedFields, options?: ErrorOptions) {
    const { signal, left } = fields;
    super('Interrupted', `interrupted by ${signal}${left ? `: ${left}` : ''}`, fields, options);
  }

  get exitCode(): number {
    return SIGNAL_EXIT[this.fields.signal];
  }
}

/**
 * Runs work that can be interrupted: the first SIGINT, SIGTERM or SIGHUP aborts the AbortSignal passed
 * to it. The second signal ends the process at once, as it would without a handler.
 *
 * @param left describes what the stopped work leaves behind, for the message
 * @throws Interrupted where a signal stopped the work; else what the work throws
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
    if (!controller.signal.aborted) return controller.abort(new Interrupted({ signal: name }));
    release();
    process.kill(process.pid, name);
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (error instanceof Interrupted)
      throw new Interrupted({ signal: error.fields.signal, left: left() });
    throw error;
  } finally {
    release();
  }
}
