/** One trial: resumes a copy of an interrupted conversion. Takes options as JSON, and prints its outcome as JSON. */
import { resume } from 'hyperslab';
import { printOutcome } from './outcome.js';
import { copyBegun } from './resume.js';

interface ResumeTrialOptions {
  readonly begun: string;
  readonly output: string;
  readonly workers: number;
}

const { begun, output, workers }: ResumeTrialOptions = JSON.parse(process.argv[2]);
copyBegun(begun, output);
const report = await resume(output, { workers });
const { chunksRestored, restoreSeconds } = report;
printOutcome(report, {
  chunksRestored,
  restoreSeconds,
  restoreMicroseconds: (restoreSeconds / chunksRestored) * 1e6,
});
