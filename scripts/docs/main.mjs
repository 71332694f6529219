// Writes the generated pages of docs/ from the compiled sources: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { EXIT_HELP } from '../../dist/cli/exit-codes.js';
import { makeProgram } from '../../dist/cli/program.js';
import { fillSchema } from '../../dist/description/fill.js';
import { descriptionSchema } from '../../dist/description/schema.js';
import { commandLinePage } from './command-line.mjs';
import { manifestPage } from './manifest.mjs';

const pages = {
  'manifest.md': manifestPage(descriptionSchema, fillSchema),
  'command-line.md': commandLinePage(makeProgram(), EXIT_HELP),
};
for (const [name, text] of Object.entries(pages)) {
  writeFileSync(new URL(`../../docs/${name}`, import.meta.url), text);
  console.log(`docs/${name}`);
}
