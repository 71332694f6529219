import { statSync } from 'node:fs';
import { Ledger, makeReport } from '../../coordinator/index.js';
import { File } from '../../hdf5/index.js';
import type { PlannedDataset } from '../../plan/index.js';
import type { ConversionReport, InterruptedConversion } from '../conversion.js';
import { syncFolder } from '../publish.js';

/**
 * If the conversion was interrupted after its file had got the final name, removes the journal and returns the report;
 * else returns undefined.
 */
export function publishedReport({
  output,
  journal,
  header,
  recorded,
  options,
  startedAt,
}: InterruptedConversion): ConversionReport | undefined {
  const { complete } = recorded;
  const found = statSync(output.path, { bigint: true, throwIfNoEntry: false });
  if (!complete || found?.ino !== complete.inode || found.mtimeNs !== complete.mtimeNs)
    return undefined;
  const ledger = new Ledger();
  const datasets = header.datasets.map(
    ({ spec }): PlannedDataset => ({ spec, data: { kind: 'written' } }),
  );
  using file = new File(output.path, 'r');
  let chunksRestored = 0;
  for (const [at, { spec }] of datasets.entries()) {
    const { path, layout, rawBytes, chunkCount } = spec;
    const dataset = file.dataset(path);
    ledger.add({ path, dataset, chunk: layout.chunk, rawBytes, chunkCount });
    const chunks = recorded.chunks(at, { extent: ledger.extent(at), cell: layout.chunk });
    ledger.account(at, chunks);
    chunksRestored += chunks.numbers.length;
  }
  // Syncing the folder is the last step of a conversion, so it may not have happened.
  syncFolder(output);
  journal.remove();
  // No worker ran.
  const resources = { workers: 0, memory: { allowed: options.memory, planned: 0 } };
  const written = { ledger, targets: new Map(), timestamps: new Map(), run: 0, restore: 0 };
  const times = { total: (performance.now() - startedAt) / 1000, close: 0 };
  const report = makeReport(output.path, datasets, resources, written, times);
  return { ...report, libver: header.libver, series: [], chunksRestored, restoreSeconds: 0 };
}
