import { statSync } from 'node:fs';
import { writeChecksums, writeMissing } from '../checksums/checksums.js';
import { allocate } from '../coordinator/create-datasets.js';
import { type ConversionReport, makeReport, type Times } from '../coordinator/report.js';
import { run, type WrittenFile } from '../coordinator/run.js';
import { giveUp } from '../hdf5/close-after-error.js';
import { File, WriteError } from '../hdf5/index.js';
import type { FilledOptions } from '../options.js';
import { isWritten, type PlannedWork } from '../plan/work.js';
import { checkUnchanged } from '../sources/changed-files.js';
import { filtersText } from '../verify/findings.js';
import { type Header, type Journal, Recorded, Recorder, selectChunks } from './journal/index.js';
import type { Output } from './output.js';
import { PartialFile } from './partial-file.js';
import { type TakenUpDatasets, takeUpDatasets } from './resume/restore-datasets.js';

/** A conversion that may begin: checked, planned, and kept from others. */
export interface Undertaking {
  readonly output: Output;
  /** Locked. It is closed in the end, or removed. */
  readonly journal: Journal;
  readonly header: Header;
  readonly work: PlannedWork;
  readonly warnings: readonly string[];
  /** What is on record, of one that was interrupted. */
  readonly recorded?: Recorded;
  /** Nothing more comes, and the file is completed with what is on record. */
  readonly last?: {
    /** Also where it is known that something is missing. */
    readonly isIncomplete: boolean;
  };
}

/**
 * Makes the file, or goes on with it, and gives it its name.
 *
 * @param begin when the user asked for it, milliseconds
 */
export async function carryOut(
  undertaking: Undertaking,
  options: FilledOptions,
  begin: number,
): Promise<ConversionReport> {
  const { output, journal, header, work: planned, recorded } = undertaking;
  let file: File | undefined;
  let partial: PartialFile | undefined;
  let recorder: Recorder | undefined;
  let done: { work: PlannedWork; written: WrittenFile; takenUp: TakenUpDatasets; times: Times };
  try {
    if (!recorded) journal.begin(header);
    // A partial file whose journal is lost would be of no use: the journal's name comes to the disk first.
    output.syncFolder();
    // Locked from here on; until then it may be another process's, and is not ours to discard.
    const bytes = output.partialBytes;
    if (recorded?.mayBeUnwritten) journal.rewrite();
    const rebuild = recorded?.hasChunks ?? false;
    if (!rebuild) output.requireSingleName();
    file = new File(output.partial, 'w', { libver: header.libver, rebuild, noLinks: true });
    partial = new PartialFile(output.partial, file.fileIdentity);
    const durability = options.durability ?? recorded?.durability ?? 'process';
    output.syncFolder();
    recorder = new Recorder(journal, partial, durability);
    const takenUp = await takeUpDatasets(
      undertaking,
      { bytes, token: file.token },
      recorder,
      options,
    );
    const { datasets, restored } = takenUp;
    const work = { ...planned, datasets };
    const opened = allocate(file, header.tree, datasets);
    const written = await run(file, opened, work, options, { recorder, restored });
    checkUnchanged(datasets);
    const closing = performance.now();
    // Before the file is flushed, when chunks that were written anew may take the place of the old.
    await recorder.settled();
    keepChecksums(file, journal, takenUp, written);
    writeMissing(file, takenUp.missing);
    // Synced while it is still locked: it takes long, and another process must not begin it anew.
    file.flush();
    recorder.unsynced();
    journal.syncNow();
    output.sync();
    await recorder.close();
    file.close();
    partial.requireInPlace();
    const { ino: inode, mtimeNs } = statSync(output.partial, { bigint: true });
    journal.append({ kind: 'complete', inode, mtimeNs });
    journal.syncNow();
    output.publish(partial);
    journal.remove();
    const end = performance.now();
    const times = { total: (end - begin) / 1000, close: (end - closing) / 1000 };
    done = { work, written, takenUp, times };
  } catch (error) {
    await leave(undertaking, { file, partial, recorder }, options, error);
    throw error;
  }
  return reportOf(
    { ...undertaking, work: done.work },
    done.written,
    done.takenUp,
    options,
    done.times,
  );
}

/** Puts the checksums of all chunks into the file. */
function keepChecksums(
  file: File,
  journal: Journal,
  { datasets, restored }: TakenUpDatasets,
  { ledger }: WrittenFile,
): void {
  const recorded = Recorded.of(journal, datasets.length);
  for (const [at, dataset] of datasets.entries()) {
    const { path, layout } = dataset;
    const extent = ledger.extent(at);
    // Of what was written before, not all that is on record may hold.
    const chunks =
      (isWritten(dataset) ? restored.get(at)?.chunks : undefined) ??
      recorded.chunks(at, { extent, cell: layout.chunk });
    const stored = selectChunks(chunks, (chunk) => chunks.placements[3 * chunk] >= 0);
    const { numbers, checksums } = stored;
    const { chunk, filters } = layout;
    const of = { path, chunk, extent, filters: filtersText(filters) };
    writeChecksums(file, of, numbers, checksums);
  }
}

function reportOf(
  { output, header, work, journal, warnings }: Undertaking,
  written: WrittenFile,
  takenUp: TakenUpDatasets,
  { memory }: FilledOptions,
  times: Times,
): ConversionReport {
  const report = makeReport(output.path, work, memory, written, times);
  const unlocked = `${output.path}: its file system has no locks: see to it that nobody else writes it`;
  return {
    ...report,
    libver: header.libver,
    chunksRestored: takenUp.chunks,
    restoreSeconds: takenUp.seconds + written.restore,
    warnings: [
      ...warnings,
      ...report.warnings,
      ...takenUp.warnings,
      ...(journal.isLocked ? [] : [unlocked]),
    ],
  };
}

/** The parts of a conversion that were set up before it failed. */
interface Begun {
  readonly file: File | undefined;
  readonly partial: PartialFile | undefined;
  readonly recorder: Recorder | undefined;
}

/** After an error: what is on record stays, so that it can be resumed, and else nothing. */
async function leave(
  { output, journal, recorded }: Undertaking,
  { file, partial, recorder }: Begun,
  { keepPartial }: FilledOptions,
  error: unknown,
): Promise<void> {
  const isWorth = (recorded?.hasChunks || recorder?.hasChunks) ?? false;
  // Where the partial file could not be opened, it may be another process's.
  const isKept = isWorth && (keepPartial || !file);
  try {
    if (isKept) {
      if (isUnsynced(error)) recorder?.unsynced();
      await recorder?.settled();
    }
    await recorder?.close();
    if (isKept) {
      if (file) giveUp(file, error);
      journal.close();
      return;
    }
    // Removed while they are locked: the next files of these names may be another process's.
    if (partial) output.discard(partial);
    file?.abandon();
    // If the partial file could not be opened, its journal stays, because it is useless without one.
    if (partial || !recorded) journal.remove();
    else journal.close();
  } catch {
    // The first error is the one to report; what could be kept is kept.
    if (file) giveUp(file, error);
    journal.close();
  }
}

/** Whether the system failed to bring what was written to the disk. */
function isUnsynced(error: unknown): boolean {
  return error instanceof WriteError && ['fsync', 'fdatasync'].includes(error.syscall);
}
