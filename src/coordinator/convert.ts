import type { Description } from '../description/index.js';
import { File } from '../hdf5/index.js';
import { allocate } from './allocate.js';
import { type ConvertOptions, fillOptions } from './options.js';
import { Output } from './output.js';
import { prepare } from './prepare.js';
import { type ConversionReport, makeReport } from './report.js';
import { run } from './run.js';

/**
 * Converts what a description says into an NWB file, on all cores.
 *
 * Everything is checked before anything is written. The file grows as `NAME.partial` and takes its
 * name when it is complete; when the conversion fails or is stopped, nothing is left of it unless
 * `keepPartial` is set.
 *
 * @throws DescriptionError, SourceError, NwbError, LayoutError, BudgetError for input that does not
 * fit; OutputError where the file can't be made; JobError for a job that failed; Hdf5Error; the
 * reason of `signal` when that stopped it
 */
export async function convert(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionReport> {
  const begin = performance.now();
  const filled = fillOptions(options);
  filled.signal?.throwIfAborted();
  const prepared = await prepare(description, filled);
  filled.signal?.throwIfAborted();
  const output = new Output(prepared.description.path, filled.overwrite);
  output.checkInputs(prepared.inputs);
  // Until it is open the partial file may be another process's: not ours to discard.
  const file = new File(output.partial, 'w', { libver: filled.libver });
  try {
    const opened = allocate(file, prepared.tree, prepared.datasets);
    const written = await run(file, opened, prepared, filled);
    const closing = performance.now();
    // Synced while it is still locked: it takes long, and another process must not begin it anew.
    file.flush();
    output.sync();
    file.close();
    output.publish();
    const end = performance.now();
    const times = { total: (end - begin) / 1000, close: (end - closing) / 1000 };
    const report = makeReport(output.path, prepared, filled.memory, written, times);
    const warnings = [...prepared.warnings, ...report.warnings];
    return { ...report, libver: filled.libver, warnings };
  } catch (error) {
    giveUp(file, output, filled.keepPartial);
    throw error;
  }
}

function giveUp(file: File, output: Output, keepPartial: boolean): void {
  try {
    if (keepPartial) {
      file.close();
      return;
    }
    // Removed while it is locked: the next file of this name may be another process's.
    output.discard();
    file.abandon();
  } catch {
    // The first error is the one to report; what could be kept is kept.
  }
}
