// Prints one line, "N passed, N failed, N skipped", from the results of vitest's JSON reporter. A test
// file that broke before its tests ran counts as one failed test, and so do missing results. Exits with
// 1 if anything failed.
import { readFileSync } from 'node:fs';

const counts = { passed: 0, failed: 0, skipped: 0 };
let files;
try {
  files = JSON.parse(readFileSync(process.argv[2], 'utf8')).testResults;
} catch (error) {
  console.error(`No test results: ${error.message}`);
  files = [{ status: 'failed', assertionResults: [] }];
}
for (const { status, assertionResults } of files) {
  const tests = assertionResults.map((test) =>
    test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
  );
  if (status === 'failed' && !tests.includes('failed')) tests.push('failed');
  for (const outcome of tests) counts[outcome] += 1;
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
