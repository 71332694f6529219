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

/** Forgets what earlier commands printed and redirected: for a process that runs several, one after the other. */
export function startOutput(): void {
  printed.clear();
  writeDocument = undefined;
}

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

/** Documents that wait to be printed as one list; undefined unless a command works on several files. */
let listed: string[] | undefined;

/** Prints one JSON document on stdout; see `jsonText`. Within `printList`, it becomes an item of the list. */
export function printJson(value: unknown): void {
  printDocument(jsonText(value));
}

/** The same for a document that is text already. */
export function printDocument(text: string): void {
  if (listed) listed.push(text);
  else print(text);
}

/** Whether documents wait to be printed as one list. */
export function isListing(): boolean {
  return listed !== undefined;
}

/** Prints the JSON documents of some work as one list, when it ends. */
export async function printList<T>(work: () => Promise<T>): Promise<T> {
  listed = [];
  try {
    return await work();
  } finally {
    const text = `[\n${listed.join(',\n')}\n]`;
    listed = undefined;
    print(text);
  }
}

/** Exits quietly when the reader of stdout closes it, as `| head` does. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
