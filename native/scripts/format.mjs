// Formats the C and C++ of native/ by native/.clang-format.
//
//     node native/scripts/format.mjs [--check]
//
// With --check nothing is written, and the exit code is 1 if a file is not formatted.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesUnder } from '../../scripts/setup/stamps.mjs';
import { ROOT } from './sanitizers.mjs';

// The package of the project, not one of PATH: other versions format differently.
const { clangFormatPath } = createRequire(import.meta.url)('clang-format-node');

const check = process.argv.includes('--check');
const files = filesUnder(join(ROOT, 'native'), (path) => /\.(c|cc|h)$/.test(path));
const mode = check ? ['--dry-run', '--Werror'] : ['-i'];
const { status, error } = spawnSync(clangFormatPath, ['--style=file', ...mode, ...files], {
  stdio: 'inherit',
});
if (error) throw error;
if (check && status === 0) console.log(`Checked ${files.length} native files.`);
if (check && status !== 0) console.error('Run `npm run format` to format native code.');
process.exitCode = status ?? 1;
