import { statSync } from 'node:fs';
import { type Dataset, File } from '../hdf5/index.js';
import { cellCount } from '../layout/index.js';
import { allocate } from './allocate.js';
import { checkUnchanged } from './changed-sources.js';
import { writeChecksums } from './checksums.js';
import { ResumeError } from './errors.js';
import { abandonWriters } from './gathering/index.js';
import { giveUp } from './give-up.js';
import { type Header, type Journal, Recorded, Recorder, selectChunks } from './journal/index.js';
import type { FilledOptions } from './options.js';
import type { Output } from './output.js';
import { type ConversionReport, makeReport, type Times } from './report.js';
import { type Restored, restore } from './restore.js';
import { run, type WrittenFile } from './run.js';
import { isGathered, type PlannedWork, type PreparedDataset } from './work.js';

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
  /** Whether nothing more comes: the file is completed with what is on record. */
  readonly isLast?: boolean;
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
  if (!recorded) journal.begin(header);
  let file: File | undefined;
  let recorder: Recorder | undefined;
  try {
    // Locked from here on; until then it may be another process's, and is not ours to discard.
    const bytes = output.partialBytes;
    const rebuild = recorded?.hasChunks ?? false;
    file = new File(output.partial, 'w', { libver: header.libver, rebuild });
    const durability = options.durability ?? recorded?.durability ?? 'process';
    if (durability === 'power') output.syncFolder();
    recorder = new Recorder(journal, output.partial, durability);
    const restoring = performance.now();
    const { restored, ...rest } = recorded
      ? await takeUpDatasets({ ...undertaking, recorded }, bytes, recorder, options)
      : { restored: NOTHING, datasets: planned.datasets };
    const restore = (performance.now() - restoring) / 1000;
    const work = { ...planned, ...rest };
    const opened = allocate(file, header.tree, work.datasets);
    const written = await run(file, opened, work, options, {
      recorder,
      restored: restored.datasets,
    });
    checkUnchanged(work.datasets);
    const closing = performance.now();
    keepChecksums(file, opened, undertaking, written);
    // Synced while it is still locked: it takes long, and another process must not begin it anew.
    file.flush();
    output.sync();
    await recorder.close();
    file.close();
    const { ino: inode, mtimeNs } = statSync(output.partial, { bigint: true });
    journal.append({ kind: 'complete', inode, mtimeNs });
    journal.syncNow();
    output.publish();
    journal.remove();
    const end = performance.now();
    const times = { total: (end - begin) / 1000, close: (end - closing) / 1000, restore };
    return reportOf({ ...undertaking, work }, written, restored, options, times);
  } catch (error) {
    await leave(undertaking, file, recorder, options, error);
    throw error;
  }
}

const NOTHING: Restored = { datasets: new Map(), damaged: new Set() };

/**
 * What is on record, and the datasets as they are to be completed: those of the program whose data had
 * all come are not asked for again, and those that had begun come from their beginning.
 *
 * @throws ResumeError where what only a program can bring is lost, and it is not there
 */
async function takeUpDatasets(
  { output, header, work, recorded, isLast = false }: Undertaking & { readonly recorded: Recorded },
  bytes: number,
  recorder: Recorder,
  options: FilledOptions,
): Promise<{ restored: Restored; datasets: readonly PreparedDataset[] }> {
  const isWanted = (dataset: PreparedDataset, at: number) =>
    !isGathered(dataset) || recorded.datasets[at].hasEnded;
  const wanted = [...work.datasets.keys()].filter((at) => isWanted(work.datasets[at], at));
  const interrupted = { header, recorded, filename: output.partial, bytes, isLast };
  const restored = await restore(interrupted, wanted, recorder, options);
  const datasets = work.datasets.map((dataset, at): PreparedDataset => {
    const { laidOut, data } = header.datasets[at];
    const isDamaged = restored.damaged.has(at);
    if (isGathered(dataset)) {
      if (restored.datasets.has(at) && !isDamaged) {
        abandonWriters(dataset.blocks, allCame(output.path, laidOut.path));
        return { ...laidOut, isWritten: true };
      }
      restored.datasets.delete(at);
      if (recorded.datasets[at].isBegun) recorder.restarted(at);
    } else if (isDamaged && data.kind === 'blocks' && !isLast) {
      throw new ResumeError(output.path, [
        `chunks of ${laidOut.path} that are lost, which only a program can bring again: ` +
          "resume it with convert()'s option resume, or recover what is left",
      ]);
    }
    return dataset;
  });
  return { restored, datasets };
}

function allCame(output: string, path: string): ResumeError {
  return new ResumeError(output, [`data of ${path} again, which had all come`]);
}

/** Puts the checksums of all chunks into the file. */
function keepChecksums(
  file: File,
  opened: readonly Dataset[],
  { journal, work }: Undertaking,
  { ledger }: WrittenFile,
): void {
  const recorded = Recorded.of(journal, opened.length);
  for (const [at, { path, layout }] of work.datasets.entries()) {
    const extent = ledger.extent(at);
    const chunks = recorded.chunks(at, { extent, cell: layout.chunk });
    const stored = selectChunks(chunks, (chunk) => chunks.placements[3 * chunk] >= 0);
    const { numbers, checksums } = stored;
    writeChecksums(file, { path, chunk: layout.chunk, extent }, numbers, checksums);
  }
}

function reportOf(
  undertaking: Undertaking,
  written: WrittenFile,
  restored: Restored,
  { memory }: FilledOptions,
  times: Times & { readonly restore: number },
): ConversionReport {
  const { output, header, work, journal, warnings, isLast = false } = undertaking;
  const report = makeReport(output.path, work, memory, written, times);
  const unlocked = `${output.path}: its file system has no locks: see to it that nobody else writes it`;
  return {
    ...report,
    libver: header.libver,
    restoreSeconds: times.restore + written.restore,
    chunksRestored: [...restored.datasets.values()].reduce(
      (sum, one) => sum + one.chunks.numbers.length,
      0,
    ),
    warnings: [
      ...warnings,
      ...report.warnings,
      ...(isLast ? missingWarnings(undertaking, restored) : []),
      ...(journal.isLocked ? [] : [unlocked]),
    ],
  };
}

/** Of datasets whose data had not all come. */
function missingWarnings({ header, recorded }: Undertaking, restored: Restored): string[] {
  return [...restored.datasets].flatMap(([at, { extent, chunks }]) => {
    const { path, layout } = header.datasets[at].laidOut;
    const all = cellCount({ extent, cell: layout.chunk });
    const missing = all - chunks.numbers.length;
    const isWhole = recorded?.datasets[at].hasEnded && !restored.damaged.has(at);
    if (missing === 0 || isWhole) return [];
    return [`${path}: of ${all} chunks ${missing} did not come, and read as the fill value`];
  });
}

/** After an error: what is on record stays, so that it can be resumed, and else nothing. */
async function leave(
  { output, journal, recorded }: Undertaking,
  file: File | undefined,
  recorder: Recorder | undefined,
  { keepPartial }: FilledOptions,
  error: unknown,
): Promise<void> {
  const isWorth = (recorded?.hasChunks || recorder?.hasChunks) ?? false;
  try {
    // What failed in it is no news, or matters less than the first error.
    await recorder?.close().catch(() => {});
    if (keepPartial && isWorth) {
      if (file) giveUp(file, error);
      journal.close();
      return;
    }
    // Removed while they are locked: the next files of these names may be another process's.
    if (file) output.discard();
    file?.abandon();
    journal.remove();
  } catch {
    // The first error is the one to report; what could be kept is kept.
    journal.close();
  }
}
