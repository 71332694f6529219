import type { FillReport } from '../index.js';
import { EXIT } from './exit-codes.js';
import type { RunFlags } from './flags.js';
import { print, printJson, printWarnings } from './output.js';
import { reportText } from './report-text.js';
import { quietly } from './run-options.js';

/** Prints the report of a conversion or a fill in the form that the flags ask for. @returns the exit code */
export function tellReport(report: FillReport, flags: RunFlags): number {
  if (flags.json) printJson(report);
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(reportText(report));
  return EXIT.ok;
}
