import { isOfSignal, worstExit } from './exit-codes.js';
import { failureOf } from './failures.js';
import { printJson, printList } from './output.js';

/** Options that decide how a failure is told. */
export interface TellFlags {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/**
 * Does the same for each file, and returns the worst exit code. One of several files that fails does not keep the
 * others from their turn; with `json`, all documents are printed as one list.
 *
 * @param work prints what there is to say about a file, and returns its exit code
 * @throws what `work` throws for an only file
 */
export async function eachFile(
  files: readonly string[],
  flags: TellFlags,
  work: (file: string) => Promise<number>,
): Promise<number> {
  if (files.length === 1) return work(files[0]);
  return flags.json ? printList(() => inTurn(files, flags, work)) : inTurn(files, flags, work);
}

async function inTurn(
  files: readonly string[],
  { json, debug }: TellFlags,
  work: (file: string) => Promise<number>,
): Promise<number> {
  const codes: number[] = [];
  for (const file of files) {
    // A signal ends the whole command, whether it reached this process or the one that does the work.
    if (codes.some(isOfSignal)) break;
    try {
      codes.push(await work(file));
    } catch (error) {
      const { text, document, exitCode } = failureOf(error, debug);
      process.stderr.write(`${text}\n`);
      if (json) printJson(document);
      codes.push(exitCode);
    }
  }
  return worstExit(codes);
}
