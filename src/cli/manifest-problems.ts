import type { Problem } from '../hyperslab-error.js';
import { isHyperslabError } from '../is-hyperslab-error.js';
import type { LocatedProblem } from './errors.js';
import { manifestName } from './manifest-input.js';
import { inQuotes, type Setting, settingAt } from './manifest-settings.js';

/** Problems per message. */
const SHOWN = 5;

/** A manifest, and where its values are. */
export interface Places {
  /** Path of the manifest as given on the command line; `-` for standard input. */
  readonly path: string;
  /** What `--set` put in the place of values. */
  readonly settings: readonly Setting[];
  /**
   * The line of a value, from 1; undefined for the description as a whole. For a missing value, the line of what is
   * around it.
   *
   * @param place as in `Problem.path`: `acquisition[0].data`
   */
  line(place: string): number | undefined;
  /** A number, or true or false, as it is written: `1e5`. Undefined for other values. */
  source(place: string): string | undefined;
}

/** What an error says about parts of the description, located; undefined for other errors. */
export function locatedProblems(
  error: unknown,
  manifest: Places,
): readonly LocatedProblem[] | undefined {
  const problems = problemsOf(error);
  if (!problems) return undefined;
  const located = problems.slice(0, SHOWN).map((problem) => locate(problem, manifest));
  const more = problems.length - SHOWN;
  if (more > 0)
    located.push({ path: '', message: `${manifestName(manifest.path)}: … and ${more} more` });
  return located;
}

function problemsOf(error: unknown): readonly Problem[] | undefined {
  if (isHyperslabError(error, 'DescriptionError')) return error.fields.problems;
  if (!isHyperslabError(error) || error.place === undefined) return undefined;
  return [
    { path: error.place, message: `${error.place}: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}` },
  ];
}

/** Puts the file and the line before a message, or the option `--set` that the value comes from. */
export function locate({ path, ...problem }: Problem, manifest: Places): LocatedProblem {
  const name = manifestName(manifest.path);
  const message = asWritten({ path, ...problem }, manifest);
  const setting = settingAt(manifest.settings, path);
  if (setting) return { path, message: `${name} with --set ${setting.key}: ${message}` };
  const line = manifest.line(path);
  if (line === undefined) return { path, message: `${name}: ${message}` };
  return { path, line, message: `${name}:${line}: ${message}` };
}

/** Shows a text without quotes as its author wrote it: `1e5` rather than 100000. */
function asWritten({ path, message, unquoted }: Problem, manifest: Places): string {
  if (unquoted === undefined) return message;
  const shown = `${unquoted} (put it in quotes)`;
  const setting = settingAt(manifest.settings, path);
  if (setting)
    return message.replace(shown, () => `${setting.text} (${inQuotes(setting.key, setting.text)})`);
  const source = manifest.source(path);
  return source === undefined
    ? message
    : message.replace(shown, () => `${source} (put it in quotes)`);
}
