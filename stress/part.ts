/** What every part of the stress run is given. */
export interface PartOptions {
  /** A new folder for its files. Left where it fails. */
  readonly folder: string;
  readonly seed: number;
  /** How many processes are to be killed at least. */
  readonly kills: number;
  /** How long each fuzzer runs. */
  readonly seconds: number;
  /** How many states a loss of power is to leave. */
  readonly states: number;
  /** Where `power-loss` keeps what it draws from. Default: its folder. */
  readonly recordings?: string | undefined;
  /** The only case to be run, of those that are numbered, to look into one that failed. */
  readonly only?: number | undefined;
  readonly say: (line: string) => void;
}

/** A line on what was done; or why it could not be. */
export type Outcome = { readonly summary: string } | { readonly skipped: string };

/** One of the long things. */
export interface Part {
  /** As the command line has it. */
  readonly name: string;
  /** @throws Error that says what is wrong, and how to run the case again */
  run(options: PartOptions): Promise<Outcome>;
}

/**
 * Runs numbered cases one after the other until one fails, or `isEnough` says so.
 *
 * @throws Error with the case's number
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
