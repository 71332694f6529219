/** Checks who imports whom; fails on an import that breaks a rule of `imports/rules.mjs`, and on a cycle. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkImports } from './imports/check.mjs';

const problems = checkImports(resolve(dirname(fileURLToPath(import.meta.url)), '..'));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
