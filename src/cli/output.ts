/** One line, or several, on stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

/**
 * One JSON document on stdout. Integers of 64 bits are decimal strings, and so are NaN and the
 * infinities, which JSON does not have.
 */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, replace, 2));
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A reader that stops listening (`| head`) ends the output, and is no error. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
