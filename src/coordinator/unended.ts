/** Conversions that run, by the file that they make. */
const running = new Map<symbol, string>();

/** A program that has nothing more to do while a conversion waits for data would end as if all were well. */
const TOLD = 1;

/**
 * Runs a conversion. When the program ends before it does, since nobody is left who could bring the data
 * that it waits for, that is told, and the exit code says so.
 *
 * @param path of the file that is made
 */
export async function untilEnded<T>(path: string, conversion: () => Promise<T>): Promise<T> {
  const key = Symbol(path);
  if (running.size === 0) process.on('beforeExit', tell);
  running.set(key, path);
  try {
    return await conversion();
  } finally {
    running.delete(key);
    if (running.size === 0) process.off('beforeExit', tell);
  }
}

function tell(): void {
  for (const path of running.values())
    process.emitWarning(
      `${path} is not complete: its conversion waits for data that will never come (end() of a DataWriter was not called)`,
      'HyperslabWarning',
    );
  process.exitCode ||= TOLD;
}
