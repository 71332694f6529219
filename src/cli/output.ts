import { jsonText } from './json.js';
import { printable, printableLines } from './printable.js';

/** Where documents go once stdout is kept for them. */
let writeDocument: ((text: string) => void) | undefined;

/** One line, or several, on stdout. Names in it that may hold ends of lines must be `printable`. */
export function print(text: string): void {
  const line = `${printableLines(text)}\n`;
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
  for (const warning of warnings) process.stderr.write(`warning: ${printable(warning)}\n`);
}

export function printNote(note: string): void {
  process.stderr.write(`note: ${printable(note)}\n`);
}

/** One JSON document on stdout; see `jsonText`. */
export function printJson(value: unknown): void {
  print(jsonText(value));
}

/** A reader that stops listening (`| head`) ends the output, and is no error. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
