import { jsonText } from './json.js';
import { printable, printableLines } from './printable.js';

/** Writes to the real stdout once `keepStdoutForJson` has redirected it. */
let writeDocument: ((text: string) => void) | undefined;

/** Prints text on stdout. Names in it that may contain line breaks must have gone through `printable`. */
export function print(text: string): void {
  const line = `${printableLines(text)}\n`;
  if (writeDocument) writeDocument(line);
  else process.stdout.write(line);
}

/**
 * Redirects all other writes to stdout, such as `console.log` in a module source, to stderr: with `--json`
 * stdout carries one document and nothing else.
 */
export function keepStdoutForJson(): void {
  const { stdout, stderr } = process;
  writeDocument ??= stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
}

const printed = new Set<string>();

/** Prints warnings that this process has not printed yet: a report repeats those that came before the work. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) {
    if (printed.has(warning)) continue;
    printed.add(warning);
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
}

export function printNote(note: string): void {
  process.stderr.write(`note: ${printable(note)}\n`);
}

/** Prints one JSON document on stdout; see `jsonText`. */
export function printJson(value: unknown): void {
  print(jsonText(value));
}

/** Exits quietly when the reader of stdout closes it, as `| head` does. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
