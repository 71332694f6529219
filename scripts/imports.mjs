/**
 * Who may import whom. `npm run check` fails on an import that breaks a rule and on a cycle of imports,
 * type imports included.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Single files of `src/` that every room may share, and what they may import themselves. */
const SHARED = {
  version: [],
  'hyperslab-error': [],
  nearest: [],
  wording: ['hyperslab-error'],
  'option-error': ['hyperslab-error', 'nearest', 'wording'],
  progress: [],
  options: ['layout', 'progress', 'option-error'],
  errors: ['hdf5', 'layout', 'sources', 'wording', 'hyperslab-error'],
  'is-hyperslab-error': [
    'hyperslab-error',
    'option-error',
    'errors',
    'checksums',
    'description',
    'hdf5',
    'layout',
    'nwb',
    'schema',
    'sources',
    'streams',
  ],
  'exit-guard': [],
  'read-at': [],
};

/** Rooms of `src/` and the rooms they may import, besides the shared files. */
const ROOMS = {
  hdf5: [],
  layout: [],
  streams: ['layout'],
  sources: ['streams', 'layout'],
  schema: ['hdf5', 'layout'],
  description: ['sources', 'streams', 'layout', 'schema'],
  nwb: ['description', 'schema', 'layout', 'hdf5'],
  workers: ['hdf5', 'sources', 'layout'],
  plan: ['nwb', 'description', 'sources', 'streams', 'layout', 'hdf5', 'schema'],
  checksums: ['hdf5', 'layout'],
  coordinator: ['plan', 'workers', 'streams', 'layout', 'hdf5', 'sources', 'nwb'],
  verify: [
    'coordinator',
    'plan',
    'checksums',
    'workers',
    'hdf5',
    'layout',
    'streams',
    'sources',
    'nwb',
    'description',
  ],
  convert: [
    'coordinator',
    'verify',
    'plan',
    'checksums',
    'workers',
    'hdf5',
    'layout',
    'streams',
    'sources',
    'nwb',
    'description',
  ],
  access: [
    'coordinator',
    'plan',
    'checksums',
    'workers',
    'hdf5',
    'layout',
    'streams',
    'sources',
    'description',
  ],
  cli: ['index'],
  index: [
    'access',
    'convert',
    'verify',
    'plan',
    'description',
    'hdf5',
    'layout',
    'nwb',
    'schema',
    'sources',
    'streams',
    'coordinator',
    'checksums',
  ],
};
const root = process.argv[2] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..');
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts'))
  .map((f) => join(root, 'src', f));
const known = new Set(files);
const roomOf = (f) => relative(join(root, 'src'), f).split(sep)[0].replace(/\.ts$/, '');
const edges = new Map();
for (const f of files) {
  const { importedFiles } = ts.preProcessFile(readFileSync(f, 'utf8'), true, true);
  edges.set(
    f,
    importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => resolve(dirname(f), fileName.replace(/\.js$/, '.ts'))),
  );
}
const out = new Map();
for (const [f, to] of edges)
  for (const t of to) {
    if (!known.has(t)) {
      console.log('unknown', f, t);
      continue;
    }
    const [a, b] = [roomOf(f), roomOf(t)];
    if (a === b) continue;
    const allowed = SHARED[a] ?? ROOMS[a] ?? [];
    if (allowed.includes(b) || (b in SHARED && !(a in SHARED))) continue;
    const k = `${a} -> ${b}`;
    out.set(k, [
      ...(out.get(k) ?? []),
      `${relative(join(root, 'src'), f)} -> ${relative(join(root, 'src'), t)}`,
    ]);
  }
for (const [k, l] of out) console.log(k, '\n   ', l.join('\n    '));
