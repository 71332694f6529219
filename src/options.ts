import { availableParallelism, totalmem } from 'node:os';
import { inspect } from 'node:util';
import { type FormatBound, formatBytes, parseBytes } from './layout/index.js';
import { OptionError, optionNames, requireKnown } from './option-error.js';
import type { Progress } from './progress.js';

export interface ConvertOptions {
  /** Worker threads. Default: as many as the machine can run at once. */
  readonly workers?: number;
  /**
   * Bytes that the workers may hold together, or a text such as `'2GiB'`. Default: a quarter of the
   * machine's memory, or of what its container allows.
   */
  readonly memory?: number | string;
  /**
   * Replace an existing file, once the new one is complete; and begin anew what was interrupted, which is
   * gone then. Default: false.
   */
  readonly overwrite?: boolean;
  /**
   * Lower bound of the file format. Default: `earliest`, which every reader knows; `v110` gives
   * smaller and faster chunk indexes to readers of HDF5 1.10 and newer.
   */
  readonly libver?: FormatBound;
  /** Stops the conversion between two chunks. */
  readonly signal?: AbortSignal;
  /**
   * Keep what was written when the conversion is stopped or fails, so that it can be resumed:
   * `NAME.partial` and its journal. Default: true.
   */
  readonly keepPartial?: boolean;
  /**
   * Go on with a conversion to the same path that was interrupted, if there is one; sources and
   * description must be the same. Iterators and arrays of the program are asked for all their data again,
   * unless all of them had come; what was acknowledged by a flush is for `recover`. Default: false.
   */
  readonly resume?: boolean;
  /**
   * When resuming, first compare everything that is stored with its checksums, and redo what fails. A source
   * of the same size but another time is then compared with what is done, value for value, instead of being
   * refused. Default: false.
   */
  readonly check?: boolean;
  /**
   * What is never lost once it is on record in the journal. `process` (default): when the process ends in
   * any way. `power`: when the machine does, too, but for the last second; it syncs the file once a second.
   * What is resumed goes on as it was begun.
   */
  readonly durability?: Durability;
  /**
   * Called after each job, and once before the first. What it throws stops the conversion; a promise
   * is not waited for, so an async function has to catch its own errors.
   */
  readonly onProgress?: (progress: Progress) => void;
  /** Folder from which relative paths count. Default: the process's. */
  readonly baseDir?: string;
  /**
   * Whether sources may be modules, whose code runs when they are opened. With `false` they are refused
   * before any is loaded: for descriptions, manifests and journals that come from others. Default: true.
   */
  readonly modules?: boolean;
}

export interface ResolvedOptions
  extends Required<Omit<ConvertOptions, 'memory' | 'durability' | 'signal' | 'onProgress'>> {
  /** bytes */
  readonly memory: number;
  readonly durability: Durability | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

const CONVERT_OPTIONS = optionNames<ConvertOptions>({
  workers: 1,
  memory: 1,
  overwrite: 1,
  libver: 1,
  signal: 1,
  keepPartial: 1,
  resume: 1,
  check: 1,
  durability: 1,
  onProgress: 1,
  baseDir: 1,
  modules: 1,
});

/** A machine runs out of other things long before it has this many threads. */
const MAX_WORKERS = 1024;

/** @throws OptionError for an option that is not known, or whose value can't be used. */
export function resolveOptions(options: ConvertOptions): ResolvedOptions {
  requireKnown(options, CONVERT_OPTIONS);
  checkKinds(options);
  const workers = options.workers ?? availableParallelism();
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS)
    refuse('workers', `a whole number from 1 to ${MAX_WORKERS}`, String(workers));
  const memory =
    options.memory === undefined ? defaultMemory() : parseBytes(options.memory, 'memory');
  if (memory === 0) refuse('memory', 'an amount above 0', formatBytes(memory));
  const libver = options.libver ?? 'earliest';
  if (libver !== 'earliest' && libver !== 'v110')
    refuse('libver', "'earliest' or 'v110'", `'${libver}'`);
  const { durability } = options;
  if (durability !== undefined && durability !== 'process' && durability !== 'power')
    refuse('durability', "'process' or 'power'", show(durability));
  return {
    workers,
    memory,
    libver,
    durability,
    overwrite: options.overwrite ?? false,
    keepPartial: options.keepPartial ?? true,
    resume: options.resume ?? false,
    check: options.check ?? false,
    baseDir: options.baseDir ?? process.cwd(),
    modules: options.modules ?? true,
    signal: options.signal,
    onProgress: options.onProgress,
  };
}

/** Callers in JavaScript: the text 'false' would count as true, and overwrite a file. */
function checkKinds(options: ConvertOptions): void {
  const { overwrite, keepPartial, resume, check, modules, signal, onProgress, baseDir } = options;
  for (const [name, value] of Object.entries({ overwrite, keepPartial, resume, check, modules }))
    if (typeof (value ?? false) !== 'boolean') refuse(name, 'true or false', show(value));
  if (typeof (onProgress ?? Number) !== 'function')
    refuse('onProgress', 'a function', show(onProgress));
  if (typeof (baseDir ?? '') !== 'string') refuse('baseDir', 'the path of a folder', show(baseDir));
  if (typeof (signal?.throwIfAborted ?? (signal ? undefined : Number)) !== 'function')
    refuse('signal', 'an AbortSignal', show(signal));
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value, { depth: 0 });
}

function defaultMemory(): number {
  // 0 or an absurdly large number where nothing limits the process.
  const constrained = process.constrainedMemory();
  const machine = totalmem();
  return Math.floor((constrained > 0 ? Math.min(constrained, machine) : machine) / 4);
}

function refuse(name: string, expected: string, received: string): never {
  throw new OptionError({ name, expected, received });
}
/**
 * `process`: what is on record survives the end of the process. `power`: that of the machine, too, but
 * for the last moments.
 */

export type Durability = 'process' | 'power';
