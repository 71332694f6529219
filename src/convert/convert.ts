import { abandonWriters } from '../coordinator/gather/index.js';
import type { ConversionReport } from '../coordinator/report.js';
import { untilEnded } from '../coordinator/unended.js';
import type { Description } from '../description/index.js';
import { OutputError, ResumeError } from '../errors.js';
import { LayoutError } from '../layout/index.js';
import { type ConvertOptions, type FilledOptions, fillOptions } from '../options.js';
import { type Prepared, prepare } from '../plan/prepare.js';
import { isGathered, type PreparedDataset } from '../plan/work.js';
import { knownHeader, makeHeader } from './journal/header.js';
import { type Header, Journal, Recorded } from './journal/index.js';
import { Output } from './output.js';
import type { TakenUp } from './resume/claim.js';
import { differences } from './resume/differences.js';
import { allCame } from './resume/restore-datasets.js';
import { goOn } from './resume/resume.js';
import { carryOut } from './write-file.js';

/**
 * Converts what a description says into an NWB file, on all cores.
 *
 * Everything is checked before anything is written. The file grows as `NAME.partial`, beside it
 * `NAME.journal`, which says what is done, and takes its name when it is complete. When the conversion
 * fails, is stopped or killed, the two stay, and `resume` goes on from there: what is on record is not
 * done again.
 *
 * @throws DescriptionError, SourceError, NwbError, LayoutError, BudgetError for input that does not
 * fit; OutputError where the file can't be made, or was begun and not resumed; ResumeError where what
 * was begun is another conversion; JobError for a job that failed; ChangedError for a source that
 * was changed meanwhile; Hdf5Error; WriteError; the reason of
 * `signal` when that stopped it
 */
export async function convert(
  description: Description,
  options: ConvertOptions = {},
): Promise<ConversionReport> {
  const begin = performance.now();
  try {
    return await convertChecked(description, options, begin);
  } catch (error) {
    // Those who push data would wait for ever.
    abandonWriters(description, error);
    throw error;
  }
}

async function convertChecked(
  description: Description,
  options: ConvertOptions,
  begin: number,
): Promise<ConversionReport> {
  const filled = fillOptions(options);
  if (filled.check && !filled.resume)
    throw new LayoutError({ name: 'check', expected: 'the option resume', received: 'none' });
  filled.signal?.throwIfAborted();
  const prepared = await prepare(description, filled);
  filled.signal?.throwIfAborted();
  const output = new Output(prepared.description.path, filled.overwrite);
  output.checkInputs(prepared.inputs);
  if (!filled.resume) output.checkFree();
  const journal = Journal.claim(output.journal);
  try {
    const header = makeHeader(prepared, filled);
    const begun = filled.resume || !filled.overwrite ? journal.header() : undefined;
    if (begun && filled.resume)
      return await resumeSame({ output, journal, begun, header }, prepared, filled, begin);
    if (begun)
      throw new OutputError(
        output.path,
        'a new file (or one of the options resume and overwrite)',
        `one whose conversion was interrupted (${output.journal})`,
      );
    output.checkNew();
    const { warnings } = prepared;
    const undertaking = { output, journal, header, work: prepared, warnings };
    return await untilEnded(output.path, () => carryOut(undertaking, filled, begin));
  } finally {
    journal.release();
  }
}

interface Begun {
  readonly output: Output;
  readonly journal: Journal;
  readonly begun: Header;
  readonly header: Header;
}

/** @throws ResumeError where it is another conversion that was begun */
async function resumeSame(
  { output, journal, begun, header }: Begun,
  prepared: Prepared,
  options: FilledOptions,
  begin: number,
): Promise<ConversionReport> {
  const recorded = Recorded.of(journal, begun.datasets.length, output.partialInode);
  const known = knownHeader(begun, recorded);
  const problems = [...differences(known, header, options)];
  if (problems.length > 0) throw new ResumeError(output.path, problems);
  const taken = {
    output: new Output(output.path, begun.overwrite || options.overwrite),
    journal,
    header: known,
    recorded,
  };
  const byPath = new Map(prepared.datasets.map((dataset) => [dataset.path, dataset]));
  // In the order that the records know.
  const datasets = begun.datasets.map(({ laidOut }) => byPath.get(laidOut.path) as PreparedDataset);
  const plan = async () => {
    requireUnflushed(taken, datasets);
    return { work: { ...prepared, datasets }, warnings: prepared.warnings };
  };
  const report = await untilEnded(output.path, () => goOn(taken, options, begin, plan));
  // Of a file that had its name already nothing was asked.
  for (const one of datasets.filter(isGathered))
    abandonWriters(one.blocks, allCame(output.path, one.path));
  return report;
}

/** @throws ResumeError for data that were acknowledged: they may be nowhere else, and are not given up */
function requireUnflushed(
  { output, recorded }: TakenUp,
  datasets: readonly PreparedDataset[],
): void {
  for (const [at, dataset] of datasets.entries()) {
    const { hasEnded, isFlushed, acknowledged } = recorded.datasets[at];
    if (!isGathered(dataset) || !isFlushed || hasEnded) continue;
    throw new ResumeError(output.path, [
      `data of ${dataset.path} again, of which ${acknowledged?.extent[0]} rows were acknowledged: ` +
        'recover these, and convert the others into another file',
    ]);
  }
}
