import { statSync } from 'node:fs';
import { Ledger } from '../../coordinator/ledger.js';
import { type ConversionReport, makeReport } from '../../coordinator/report.js';
import { File } from '../../hdf5/index.js';
import type { FilledOptions } from '../../options.js';
import type { WrittenDataset } from '../../plan/work.js';
import type { TakenUp } from './claim.js';

/**
 * The report of a conversion that was interrupted at its very end, when the file had its name already;
 * its journal is removed. Undefined of others.
 *
 * @param begin when the user asked for it, milliseconds
 */
export function publishedReport(
  { output, journal, header, recorded }: TakenUp,
  { memory }: FilledOptions,
  begin: number,
): ConversionReport | undefined {
  const { complete } = recorded;
  const found = statSync(output.path, { bigint: true, throwIfNoEntry: false });
  if (!complete || found?.ino !== complete.inode || found.mtimeNs !== complete.mtimeNs)
    return undefined;
  const ledger = new Ledger();
  const datasets = header.datasets.map(
    ({ laidOut }): WrittenDataset => ({ ...laidOut, isWritten: true }),
  );
  using file = new File(output.path, 'r');
  let chunksRestored = 0;
  for (const [at, { path, layout, rawBytes, chunkCount }] of datasets.entries()) {
    const dataset = file.dataset(path);
    ledger.add({ path, dataset, chunk: layout.chunk, rawBytes, chunkCount });
    const chunks = recorded.chunks(at, { extent: ledger.extent(at), cell: layout.chunk });
    ledger.account(at, chunks);
    chunksRestored += chunks.numbers.length;
  }
  // It may have been the very last step that failed, or was not come to.
  output.syncFolder();
  journal.remove();
  const work = { datasets, workers: 0, memory: 0, gathering: 0, writerBytes: 0 };
  const written = { ledger, targets: new Map(), timestamps: new Map(), run: 0, restore: 0 };
  const times = { total: (performance.now() - begin) / 1000, close: 0 };
  const report = makeReport(output.path, work, memory, written, times);
  return { ...report, libver: header.libver, chunksRestored, restoreSeconds: 0 };
}
