/** What the exit code says to a script. */
export const EXIT = {
  ok: 0,
  /** Work that had begun failed: reading, writing, HDF5. */
  failed: 1,
  /** The command line, the manifest or a source was refused; nothing was written. */
  refused: 2,
  /** `verify` found a difference. */
  differs: 3,
  /** `verify` found no damage, but checksums that another program has made out of date. */
  outdated: 4,
} as const;

/** As shells have it: 128 and the signal's number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type InterruptSignal = keyof typeof SIGNAL_EXIT;

export const EXIT_HELP = `
Exit codes:
  0    done; verify: equal
  1    failed while reading or writing
  2    refused, nothing written: the command line, the manifest or a source does not fit
  3    verify: the file differs from its sources, or is damaged
  4    verify: no damage found, but another program changed the file after its checksums were taken
  130  interrupted by SIGINT (129 by SIGHUP, 143 by SIGTERM)
`;
