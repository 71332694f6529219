/** Where documents go once stdout is kept for them. */
let writeDocument: ((text: string) => void) | undefined;

/** One line, or several, on stdout. */
export function print(text: string): void {
  const line = `${text}\n`;
  if (writeDocument) writeDocument(line);
  else process.stdout.write(line);
}

/**
 * Sends to stderr what others write to stdout from now on, such as a user's module that calls
 * `console.log` in a worker or here: with `--json` stdout holds one document and nothing else.
 */
export function keepStdoutForJson(): void {
  const { stdout, stderr } = process;
  writeDocument ??= stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
}

export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

export function printNote(note: string): void {
  process.stderr.write(`note: ${note}\n`);
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
