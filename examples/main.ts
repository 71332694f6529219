/** Runs one of the examples: `npm run example NAME [arguments]`; see examples/README.md. */

const NAMES = [
  'generator',
  'stream',
  'live',
  'sparse-matrix',
  'large-binary-array',
  'one-file-per-channel',
  'custom-write',
];

// Taken out, so that an example finds its own arguments where it would without this file.
const [name] = process.argv.splice(2, 1);
if (NAMES.includes(name)) {
  await import(`./${name}.js`);
} else {
  const received = name === undefined ? 'none' : `'${name}'`;
  console.error(`Expected one of ${NAMES.join(', ')} for the example but received ${received}`);
  process.exitCode = 2;
}
