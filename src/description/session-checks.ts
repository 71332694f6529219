import type { Problem } from '../hyperslab-error.js';
import type { ParsedDescription } from './resolved.js';
import { problem } from './wording.js';

/** Checks the fields of the session and the subject against each other. */
export function sessionProblems({ nwbfile }: ParsedDescription): Problem[] {
  const problems: Problem[] = [];
  const { sourceScript, sourceScriptFileName, subject } = nwbfile;
  if ((sourceScript === undefined) !== (sourceScriptFileName === undefined)) {
    const missing = sourceScript === undefined ? 'sourceScript' : 'sourceScriptFileName';
    const expected = 'a text (sourceScript and sourceScriptFileName go together)';
    problems.push(problem(`nwbfile.${missing}`, expected, undefined));
  }
  if (subject?.sex !== undefined) {
    const worm = /^(Caenorhabditis|C\.) elegans$/.test(subject.species ?? '');
    const allowed = worm ? ['XO', 'XX'] : ['M', 'F', 'O', 'U'];
    if (!allowed.includes(subject.sex)) {
      const words = worm
        ? 'XO (male) or XX (hermaphrodite)'
        : 'M (male), F (female), O (other) or U (unknown)';
      problems.push(problem('nwbfile.subject.sex', words, subject.sex));
    }
  }
  if (subject?.ageReference !== undefined && subject.age === undefined) {
    problems.push(problem('nwbfile.subject.age', 'an age, as ageReference is given,', undefined));
  }
  return problems;
}
