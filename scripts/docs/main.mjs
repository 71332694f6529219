// Writes the generated files from the compiled sources: `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { EXIT_HELP } from '../../dist/cli/exit-codes.js';
import { makeProgram } from '../../dist/cli/program.js';
import { fillSchema } from '../../dist/description/fill.js';
import { descriptionSchema } from '../../dist/description/schema.js';
import { storageSchema } from '../../dist/description/storage.js';
import { CHUNK_STRATEGIES, DTYPES } from '../../dist/layout/index.js';
import { commandLinePage } from './command-line.mjs';
import { manifestSchema } from './json-schema.mjs';
import { manifestPage } from './manifest.mjs';
import { typeModules } from './types.mjs';

const types = typeModules(descriptionSchema, fillSchema, storageSchema, {
  DType: DTYPES,
  ChunkStrategy: CHUNK_STRATEGIES,
});
const files = {
  'docs/manifest.md': manifestPage(descriptionSchema, fillSchema),
  'docs/command-line.md': commandLinePage(makeProgram(), EXIT_HELP),
  'schema/manifest.schema.json': manifestSchema(descriptionSchema, fillSchema),
  'src/description/types.ts': types.types,
  'src/sources/spec.ts': types.spec,
};
mkdirSync(new URL('../../schema/', import.meta.url), { recursive: true });
for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(`../../${name}`, import.meta.url), text);
  console.log(name);
}
