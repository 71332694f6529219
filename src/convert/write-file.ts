import { statSync } from 'node:fs';
import { writeChecksums, writeMissing } from '../checksums/index.js';
import {
  checkUnchanged,
  createDatasets,
  makeReport,
  run,
  selectChunks,
  type Times,
  type WrittenFile,
} from '../coordinator/index.js';
import { closeAfterError, File, isStored, WriteError } from '../hdf5/index.js';
import { isWritten, type WorkPlan } from '../plan/index.js';
import { filtersText } from '../verify/index.js';
import type { Conversion, ConversionReport, RemainingWork } from './conversion.js';
import { type Journal, Recorded, Recorder } from './journal/index.js';
import { PartialFile } from './partial-file.js';
import { discard, publish, syncFolder, syncPartial } from './publish.js';
import { type RestoredConversion, restoreDatasets } from './resume/restore-datasets.js';

/** What a conversion has opened so far. A property is missing until its part is open. */
interface Parts {
  file?: File;
  partial?: PartialFile;
  recorder?: Recorder;
}

/** What the report of a published file needs. */
interface Published {
  readonly work: WorkPlan;
  readonly written: WrittenFile;
  readonly restored: RestoredConversion;
  readonly times: Times;
}

/**
 * Writes the file, or the rest of it, and gives it its final name. After an error, the partial file and the journal
 * are kept if the conversion can be resumed, and removed if not.
 *
 * @throws what `run` throws; OutputError if the partial file was replaced or the output may not be; ResumeError if an
 * interrupted conversion can't be continued; ChangedError; Hdf5Error; WriteError
 */
export async function writeFile(
  conversion: Conversion,
  remaining: RemainingWork,
): Promise<ConversionReport> {
  const parts: Parts = {};
  let published: Published;
  try {
    published = await writeAndPublish(conversion, remaining, parts);
  } catch (error) {
    await cleanUp(conversion, parts, error);
    throw error;
  }
  return reportOf(conversion, remaining, published);
}

/** @param parts is filled with what is opened, for the clean-up after an error */
async function writeAndPublish(
  conversion: Conversion,
  remaining: RemainingWork,
  parts: Parts,
): Promise<Published> {
  const { output, journal, header, options, startedAt, recorded } = conversion;
  if (!recorded) journal.begin(header);
  // The name of the journal reaches the disk first, because a partial file without its journal is useless.
  syncFolder(output);
  const bytes = output.partialBytes;
  if (recorded?.mayBeUnwritten) journal.rewrite();
  const rebuild = recorded?.hasChunks ?? false;
  if (!rebuild) output.requireSingleName();
  // Opening the file locks it. Before that it may belong to another process, and must not be removed.
  const file = new File(output.partial, 'w', { libver: header.libver, rebuild, noLinks: true });
  parts.file = file;
  const partial = new PartialFile(output.partial, file.fileIdentity);
  parts.partial = partial;
  const durability = options.durability ?? recorded?.durability ?? 'process';
  syncFolder(output);
  const recorder = new Recorder(journal, partial, durability);
  parts.recorder = recorder;
  const restored = await restoreDatasets(
    conversion,
    remaining,
    { filename: output.partial, bytes, token: file.token },
    recorder,
  );
  const { datasets } = restored;
  const work = { ...remaining.work, datasets };
  const opened = createDatasets(
    file,
    header.tree,
    datasets.map(({ spec }) => spec),
  );
  const start = { record: recorder, restored: restored.datasetsRestored };
  const written = await run(file, opened, work, options, start);
  checkUnchanged(datasets);
  const closing = performance.now();
  // Before the file is flushed, because flushing copies rewritten chunks over their earlier copies: the new bytes and
  // their records must be safe by then.
  await recorder.settled();
  keepChecksums(file, journal, restored, written);
  writeMissing(file, restored.missing);
  // The file is synced while it is still locked: syncing takes long, and no other process may open it meanwhile.
  file.flush();
  recorder.unsynced();
  journal.syncNow();
  syncPartial(output);
  await recorder.close();
  file.close();
  partial.requireInPlace();
  const { ino: inode, mtimeNs } = statSync(output.partial, { bigint: true });
  journal.append({ kind: 'complete', inode, mtimeNs });
  journal.syncNow();
  publish(output, partial);
  journal.remove();
  const end = performance.now();
  const times = { total: (end - startedAt) / 1000, close: (end - closing) / 1000 };
  return { work, written, restored, times };
}

/** Writes the checksums of all chunks into the file. */
function keepChecksums(
  file: File,
  journal: Journal,
  { datasets, datasetsRestored }: RestoredConversion,
  { ledger }: WrittenFile,
): void {
  // Read from the journal: keeping all checksums in memory during the run would take 8 bytes per chunk.
  const recorded = Recorded.of(journal, datasets.length);
  for (const [at, dataset] of datasets.entries()) {
    const { path, layout } = dataset.spec;
    const extent = ledger.extent(at);
    // For data written by an earlier run, not every chunk on record is still intact.
    const chunks =
      (isWritten(dataset) ? datasetsRestored.get(at)?.chunks : undefined) ??
      recorded.chunks(at, { extent, cell: layout.chunk });
    const stored = selectChunks(chunks, (chunk) => isStored(chunks.placements, chunk));
    const { numbers, checksums } = stored;
    const { chunk, filters } = layout;
    const of = { path, chunk, extent, filters: filtersText(filters) };
    writeChecksums(file, of, numbers, checksums);
  }
}

function reportOf(
  { output, header, journal, options }: Conversion,
  { series, warnings }: RemainingWork,
  { work, written, restored, times }: Published,
): ConversionReport {
  const resources = {
    workers: work.workers,
    memory: { allowed: options.memory, planned: work.memory },
  };
  const report = makeReport(output.path, work.datasets, resources, written, times);
  const unlocked = `${output.path}: its file system has no locks: see to it that nobody else writes it`;
  return {
    ...report,
    libver: header.libver,
    series,
    chunksRestored: restored.chunks,
    restoreSeconds: restored.seconds + written.restore,
    warnings: [
      ...warnings,
      ...report.warnings,
      ...restored.warnings,
      ...(journal.isLocked ? [] : [unlocked]),
    ],
  };
}

/** Closes everything after an error. Keeps the partial file and the journal if the conversion can be resumed. */
async function cleanUp(
  { journal, options, recorded }: Conversion,
  { file, partial, recorder }: Parts,
  error: unknown,
): Promise<void> {
  const hasChunks = (recorded?.hasChunks || recorder?.hasChunks) ?? false;
  // If the partial file could not be opened, it may belong to another process.
  const isKept = hasChunks && (options.keepPartial || !file);
  try {
    if (isKept) {
      if (isUnsynced(error)) recorder?.unsynced();
      await recorder?.settled();
    }
    await recorder?.close();
    if (isKept) {
      if (file) closeAfterError(file, error);
      journal.close();
      return;
    }
    // Removed while they are locked, because later files with these names may belong to another process.
    if (partial) discard(partial);
    file?.abandon();
    // If the partial file could not be opened, its journal stays: the partial file is useless without it.
    if (partial || !recorded) journal.remove();
    else journal.close();
  } catch {
    // The first error is the one to report.
    if (file) closeAfterError(file, error);
    journal.close();
  }
}

/** Whether the system failed to sync written bytes to the disk. */
function isUnsynced(error: unknown): boolean {
  return error instanceof WriteError && ['fsync', 'fdatasync'].includes(error.fields.syscall);
}
