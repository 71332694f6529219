/** What a program must not leave unfinished when it has nothing more to do. */
interface Guarded {
  /** Called when the event loop is empty, but this is not finished. */
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
 * Runs a conversion. If the program ends first, because nothing is left that could bring the data the
 * conversion waits for, a warning says so, and the exit code is 1.
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
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Closes a file, with a warning, if the program ends without closing it.
 *
 * @returns a function that ends the guard; call it when the file is closed
 */
export function closeAtExit(file: Closable): () => void {
  const unclosed = {
    onExit: () => {
      process.emitWarning(
        `${file.path} was not closed by the program; await its close(), which also reports errors`,
        'HyperslabWarning',
      );
      // An error here becomes an unhandled rejection, because nobody else is left to receive it.
      void file.close();
    },
  };
  add(unclosed);
  return () => remove(unclosed);
}
