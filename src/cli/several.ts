import { isHyperslabError } from '../is-hyperslab-error.js';
import { isOfSignal, worstExit } from './exit-codes.js';
import { type ErrorDocument, failureOf } from './failures.js';
import { printJson, printList } from './output.js';
import { printable } from './printable.js';

/** Options that decide how a failure is told. */
export interface TellFlags {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/**
 * @param turn `[2/50] b.yaml`; undefined for an only file
 * @returns the exit code
 */
type Work = (file: string, turn?: string) => Promise<number>;

interface Naming {
  /** Key under which the JSON document of a failure has the file. */
  readonly key?: 'manifest';
  /** The name of a file in messages. */
  show(file: string): string;
}

/**
 * Does the same for each file, and returns the worst exit code. One of several files that fails does not keep the
 * others from their turn, and is named once more at the end; with `json`, all documents are printed as one list.
 *
 * @param work prints what there is to say about a file
 * @param naming of the files, if their paths alone do not say it
 * @throws what `work` throws for an only file
 */
export async function eachFile(
  files: readonly string[],
  flags: TellFlags,
  work: Work,
  naming: Naming = { show: (file) => file },
): Promise<number> {
  if (files.length === 1) return work(files[0]);
  const all = () => inTurn(files, flags, work, naming);
  return flags.json ? printList(all) : all();
}

async function inTurn(
  files: readonly string[],
  { json, debug }: TellFlags,
  work: Work,
  { key, show }: Naming,
): Promise<number> {
  const codes: number[] = [];
  const failures: string[] = [];
  let isOver = false;
  for (const [at, file] of files.entries()) {
    if (isOver) break;
    try {
      codes.push(await work(file, `[${at + 1}/${files.length}] ${printable(show(file))}`));
    } catch (error) {
      const { text, document, exitCode } = failureOf(error, debug);
      process.stderr.write(`${text}\n`);
      if (json) printJson({ ...(key && { [key]: file }), ...document });
      codes.push(exitCode);
      // An option that is wrong for one file is wrong for all.
      isOver = isHyperslabError(error, 'OptionError');
      if (!isOver && !isOfSignal(exitCode)) failures.push(failureLine(show(file), document));
    }
    // A signal ends the whole command, whether it reached this process or the one that does the work.
    isOver ||= isOfSignal(codes[at]);
  }
  const lines = [...failures, ...notBegunLine(files.slice(codes.length).map(show))];
  process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''));
  return worstExit(codes);
}

/** Repeats the first line about a failure, because the output of many files may have followed it. */
function failureLine(file: string, { error: { message } }: ErrorDocument): string {
  const [first, ...others] = message.split('\n');
  const named = first.includes(file) ? first : `${file}: ${first}`;
  return `failed: ${named}${others.length > 0 ? ' (and more, see above)' : ''}`;
}

function notBegunLine([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return [];
  if (others.length === 0) return [`${first} was not begun`];
  return [`${first} and the ${others.length} after it were not begun`];
}
