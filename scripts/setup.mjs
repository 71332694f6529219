// Prepares a fresh clone: system packages, npm packages, the addon, the TypeScript and, with --python,
// the readers that the interop tests compare with. A second run repeats only the steps whose inputs
// changed. It uses no npm package, because it runs before `npm ci`.
//
// This file must also parse in an old Node, so that it can report the version; modules that need a newer
// Node are imported after the check.

const LEAST_NODE = 20;
const USAGE = `Usage: node scripts/setup.mjs [--python] [--retry] [--verbose]

  --python   also make .venv with the Python readers of the interop tests
  --retry    try again at once what failed within the last hour (downloads of Python packages)
  --verbose  show the output of every command
`;

const found = process.versions.node;
if (Number(found.split('.')[0]) < LEAST_NODE) {
  console.error(
    `Expected Node ${LEAST_NODE} or newer but this is Node ${found}: install one from https://nodejs.org`,
  );
  process.exit(1);
}

const known = ['--python', '--retry', '--verbose'];
const given = process.argv.slice(2);
if (given.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const unknown = given.find((option) => !known.includes(option));
if (unknown !== undefined) {
  console.error(`Expected an option of ${known.join(', ')} but received ${unknown}`);
  process.exit(2);
}

import('./setup/main.mjs')
  .then(({ main }) =>
    main({
      python: given.includes('--python'),
      retry: given.includes('--retry'),
      verbose: given.includes('--verbose'),
    }),
  )
  .then((code) => {
    process.exitCode = code;
  });
