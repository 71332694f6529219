/** Work that should be finished before the program ends. */
interface Guarded {
  /** Called if the event loop runs empty before the work is finished. */
  readonly onExit: () => void;
}

const guarded = new Set<Guarded>();

function add(one: Guarded): void {
  if (guarded.size === 0) process.on('beforeExit', warnAll);
  guarded.add(one);
}

function remove(one: Guarded): void {
  guarded.delete(one);
  if (guarded.size === 0) process.off('beforeExit', warnAll);
}

function warnAll(): void {
  for (const { onExit } of guarded) onExit();
}

/** Exit code of a program that ends while a conversion still waits for data. */
const UNFINISHED = 1;

/**
 * Runs a conversion. If the program ends first, because the conversion waits for data that can't arrive any
 * more, emits a warning and sets the exit code to 1.
 *
 * @param path of the file that the conversion writes
 */
export async function warnIfUnfinished<T>(path: string, conversion: () => Promise<T>): Promise<T> {
  const unfinished = {
    onExit: () => {
      process.emitWarning(
        `${path} is not complete: the program ended while the conversion waited for data; call end() of its DataWriter`,
        'HyperslabWarning',
      );
      process.exitCode ||= UNFINISHED;
    },
  };
  add(unfinished);
  try {
    return await conversion();
  } finally {
    remove(unfinished);
  }
}

/** A file that is open for writing. */
interface Closable {
  /** Named in the warning. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Watches an open file. If the program ends without closing the file, emits a warning and closes it.
 *
 * @returns a function that ends the watch; call it when the file is being closed
 */
export function closeAtExit(file: Closable): () => void {
  const unclosed = {
    onExit: () => {
      process.emitWarning(
        `${file.path} was not closed by the program; await its close(), which also reports errors`,
        'HyperslabWarning',
      );
      // Not caught, so that an error ends the program as an unhandled rejection instead of being lost.
      void file.close();
    },
  };
  add(unclosed);
  return () => remove(unclosed);
}
