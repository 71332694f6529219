/** Exit codes. */
export const EXIT = {
  ok: 0,
  /** Reading, writing or HDF5 failed after the work had begun. */
  failed: 1,
  /** The command line, the manifest or a source is invalid; nothing was written. */
  refused: 2,
  /** `verify` found a difference or damage. */
  differs: 3,
  /** `verify` found no damage, but another program changed the file after its checksums were taken. */
  outdated: 4,
  /** The output exists, or another conversion to it is under way or was interrupted; nothing was written. */
  exists: 5,
} as const;

/** From the best to the worst, for several files; a signal's code is worse than all. */
const BY_SEVERITY: readonly number[] = [
  ...[EXIT.ok, EXIT.outdated, EXIT.differs],
  ...[EXIT.exists, EXIT.refused, EXIT.failed],
];

/** The worst of the exit codes for several files. */
export function worstExit(codes: readonly number[]): number {
  const severity = (code: number) => BY_SEVERITY.indexOf(code) + 1 || BY_SEVERITY.length + code;
  return codes.reduce((worst, code) => (severity(code) > severity(worst) ? code : worst), EXIT.ok);
}

/** The convention of shells: 128 plus the number of the signal. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Whether an exit code says that a signal ended the process. */
export function isOfSignal(code: number): boolean {
  return Object.values<number>(SIGNAL_EXIT).includes(code);
}

export type InterruptSignal = keyof typeof SIGNAL_EXIT;

export const EXIT_HELP = `
Exit codes:
  0    success; verify: no difference
  1    failed while reading or writing
  2    refused before anything was written: the command line, the manifest or a source is invalid
  3    verify: the file differs from its sources, or is damaged
  4    verify: no damage found, but another program changed the file after its checksums were taken
  5    refused because the output is already there: it exists, or a conversion to it is under way or was interrupted
  130  interrupted by SIGINT (129 by SIGHUP, 143 by SIGTERM)
`;
