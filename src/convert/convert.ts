import { rejectWriters } from '../coordinator/index.js';
import type { Description } from '../description/index.js';
import { OutputError, ResumeError } from '../errors.js';
import { warnIfUnfinished } from '../exit-guard.js';
import { OptionError } from '../option-error.js';
import { type ConvertOptions, resolveOptions } from '../options.js';
import {
  type Examined,
  fullDiskWarnings,
  isStreamed,
  Output,
  type PlannedDataset,
  prepareExamined,
} from '../plan/index.js';
import { optionName, surface } from '../surface.js';
import type { Conversion, ConversionReport, InterruptedConversion } from './conversion.js';
import { Journal, knownHeader, makeHeader, Recorded } from './journal/index.js';
import { continueConversion } from './resume/continue.js';
import { differences } from './resume/differences.js';
import { alreadyComplete } from './resume/restore-datasets.js';
import { writeFile } from './write-file.js';

/**
 * Converts a description into an NWB file, on all cores.
 *
 * Everything is checked before anything is written. The file is written as `NAME.partial`, beside the journal
 * `NAME.journal`, which records what is done. It gets its name once it is complete. If the conversion fails, is
 * stopped or killed, both files stay, and `resume` continues from there without repeating what is on record.
 *
 * @throws OptionError if an option is unknown or invalid; DescriptionError, SchemaError, SourceError, NwbError, DataError,
 * LayoutError, BudgetError for input that can't be converted; OutputError if the file can't be written, or its
 * conversion was interrupted and `resume` is not set; ResumeError if the interrupted conversion was a different one;
 * JobError for a job that failed; ChangedError for a source that changed during the conversion; WorkerError; Hdf5Error;
 * WriteError; LockError; the reason of `signal` if it
 * stopped the conversion
 */
export async function convert(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionReport> {
  const startedAt = performance.now();
  try {
    return await convertChecked(description, options, startedAt);
  } catch (error) {
    // Otherwise a program that pushes data into a DataWriter would wait forever.
    rejectWriters(description, error);
    throw error;
  }
}

async function convertChecked(
  description: Description,
  given: ConvertOptions,
  startedAt: number,
): Promise<ConversionReport> {
  const options = resolveOptions(given);
  if (options.check && !options.resume)
    throw new OptionError({
      name: 'check',
      expected: `the option ${optionName('resume')}`,
      received: 'none',
    });
  options.signal?.throwIfAborted();
  const prepared = await prepareExamined(description, options);
  options.signal?.throwIfAborted();
  const output = new Output(prepared.description.path, options.overwrite);
  output.checkInputs(prepared.inputs);
  if (!options.resume) output.checkFree();
  const journal = Journal.claim(output.journal);
  try {
    const header = makeHeader(prepared, options);
    const conversion: Conversion = { output, journal, header, options, startedAt };
    const begun = options.resume || !options.overwrite ? journal.header() : undefined;
    if (begun && options.resume) return await resumeSame(conversion, begun, prepared);
    if (begun)
      throw new OutputError({
        path: output.path,
        problem: `a conversion to ${output.path} was interrupted (${output.journal})`,
        remedy: `pass ${optionName('resume')} to continue it, or ${optionName('overwrite')} to start again`,
        present: 'interrupted',
      });
    output.checkNew();
    output.requireSingleName();
    const { series } = prepared;
    const warnings = [...prepared.warnings, ...(await fullDiskWarnings(prepared))];
    options.onStart?.({ series, warnings });
    const remaining = { work: prepared, series, warnings };
    return await warnIfUnfinished(output.path, () => writeFile(conversion, remaining));
  } finally {
    journal.release();
  }
}

/**
 * @param begun header of the interrupted conversion
 * @throws ResumeError if this is another conversion than the interrupted one
 */
async function resumeSame(
  conversion: Conversion,
  begun: Conversion['header'],
  prepared: Examined,
): Promise<ConversionReport> {
  const { output, journal, options } = conversion;
  const recorded = Recorded.of(journal, begun.datasets.length, output.partialInode);
  const header = knownHeader(begun, recorded);
  const problems = [...differences(header, conversion.header, options, output.path)];
  if (problems.length > 0)
    throw new ResumeError({
      path: output.path,
      problems,
      remedy: `change it back to continue, or ${surface().convert(output.path, 'overwrite')} to start again`,
    });
  const interrupted: InterruptedConversion = {
    ...conversion,
    output: new Output(output.path, begun.overwrite || options.overwrite),
    header,
    recorded,
  };
  const byPath = new Map(prepared.datasets.map((dataset) => [dataset.spec.path, dataset]));
  // The records count datasets in the order of the interrupted conversion.
  const datasets = begun.datasets.map(({ spec }) => byPath.get(spec.path) as PlannedDataset);
  const planRemaining = async () => {
    requireUnflushed(interrupted, datasets);
    const { series, warnings } = prepared;
    options.onStart?.({ series, warnings });
    return { work: { ...prepared, datasets }, series, warnings };
  };
  const report = await warnIfUnfinished(output.path, () =>
    continueConversion(interrupted, planRemaining),
  );
  // If the file was already complete, no data were requested.
  for (const { spec, data } of datasets.filter(isStreamed))
    rejectWriters(data.blocks, alreadyComplete(output.path, spec.path));
  return report;
}

/** @throws ResumeError if data were acknowledged: they may exist nowhere else, so they are not overwritten */
function requireUnflushed(
  { output, recorded }: InterruptedConversion,
  datasets: readonly PlannedDataset[],
): void {
  for (const [at, dataset] of datasets.entries()) {
    const { hasEnded, isFlushed, acknowledged } = recorded.datasets[at];
    if (!isStreamed(dataset) || !isFlushed || hasEnded) continue;
    const { path } = dataset.spec;
    const message = `${acknowledged?.extent[0]} rows of ${path} were acknowledged by a flush and would be overwritten`;
    throw new ResumeError({
      path: output.path,
      problems: [{ path, message }],
      remedy: `${surface().recover(output.path)} to keep them, and convert the other rows into another file`,
    });
  }
}
