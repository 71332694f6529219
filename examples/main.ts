/** Runs an example: `npm run example NAME [arguments]`; see examples/README.md. */

const NAMES = [
  'generator',
  'stream',
  'live',
  'sparse-matrix',
  'large-binary-array',
  'one-file-per-channel',
  'custom-write',
];

// Removed, so that the example finds its own arguments in the usual place.
const [name] = process.argv.splice(2, 1);
if (NAMES.includes(name)) {
  await import(`./${name}.js`);
} else {
  const received = name === undefined ? 'none' : `'${name}'`;
  console.error(`Expected one of ${NAMES.join(', ')} for the example but received ${received}`);
  process.exitCode = 2;
}
