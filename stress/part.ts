/** The options of every part of the stress run. */
export interface PartOptions {
  /** A new folder for the files of the part. It is kept if the part fails. */
  readonly folder: string;
  readonly seed: number;
  /** Number of processes to kill, at least. */
  readonly kills: number;
  /** Seconds for which each fuzzer runs. */
  readonly seconds: number;
  /** Number of states that `power-loss` draws. */
  readonly states: number;
  /** Folder in which `power-loss` keeps the logs that it draws from. Default: its own folder. */
  readonly recordings?: string | undefined;
  /** Number of the only case to run, to investigate one that failed. */
  readonly only?: number | undefined;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** One line about what was done, or about why the part was skipped. */
export type Outcome = { readonly summary: string } | { readonly skipped: string };

/** A part of the stress run. */
export interface Part {
  /** Its name on the command line. */
  readonly name: string;
  /** @throws Error that says what went wrong, and how to run the case again */
  run(options: PartOptions): Promise<Outcome>;
}

/**
 * Runs numbered cases one after the other until one fails or `isEnough` returns true.
 *
 * @returns how many cases were run
 * @throws Error with the number of the case that failed
 */
export async function runCases(
  { folder, seed, only }: Pick<PartOptions, 'folder' | 'seed' | 'only'>,
  isEnough: (done: number) => boolean,
  body: (number: number) => Promise<void>,
): Promise<number> {
  let done = 0;
  for (let number = only ?? 0; !isEnough(done); number++) {
    try {
      await body(number);
    } catch (cause) {
      const { message } = cause as Error;
      const again = `--seed ${seed} --only ${number}`;
      throw new Error(`case ${number} (${again}; files in ${folder}): ${message}`, { cause });
    }
    done++;
    if (only !== undefined) break;
  }
  return done;
}
