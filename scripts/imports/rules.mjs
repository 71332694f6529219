/**
 * Who may import whom. A room is a folder of `src/`. Data go one way, from what a user writes to the file, so no room
 * imports one that comes after it; CONTRIBUTING.md shows the rooms.
 */

/**
 * Files directly in `src/`, which belong to no room, each with what it may import. All rooms may import those that
 * import only one another.
 */
export const SHARED = {
  'exit-guard': [],
  'home-path': [],
  'hyperslab-error': [],
  'memory-limit': [],
  nearest: [],
  'path-hint': ['nearest'],
  progress: [],
  'read-at': [],
  'series-summary': [],
  surface: [],
  version: [],
  wording: ['hyperslab-error'],
  'option-error': ['hyperslab-error', 'nearest', 'surface', 'wording'],
  errors: ['hdf5', 'layout', 'sources', 'hyperslab-error', 'wording'],
  options: ['layout', 'memory-limit', 'option-error', 'progress', 'series-summary', 'wording'],
  'is-hyperslab-error': [
    ...['hyperslab-error', 'option-error', 'errors', 'checksums', 'description', 'hdf5', 'layout'],
    ...['nwb', 'schema', 'sources', 'streams'],
  ],
};

/** The shared files that a room may import even if it stands below the rooms that they import. */
const PLAIN = [
  ...[
    'exit-guard',
    'home-path',
    'hyperslab-error',
    'nearest',
    'option-error',
    'path-hint',
    'progress',
  ],
  ...['read-at', 'series-summary', 'surface', 'version', 'wording'],
];

/** Rooms of `src/`, from the ground up, and what they may import besides {@link PLAIN}. */
export const ROOMS = {
  hdf5: [],
  layout: [],
  streams: ['layout'],
  sources: ['streams', 'layout'],
  schema: ['hdf5', 'layout'],
  description: ['sources', 'streams', 'layout', 'schema'],
  nwb: ['description', 'schema', 'layout', 'hdf5'],
  workers: ['hdf5', 'sources', 'layout'],
  plan: [
    'nwb',
    'description',
    'sources',
    'streams',
    'layout',
    'hdf5',
    'schema',
    'errors',
    'options',
  ],
  checksums: ['hdf5', 'layout'],
  coordinator: [
    ...['plan', 'workers', 'nwb', 'sources', 'streams', 'layout', 'hdf5'],
    ...['errors', 'options'],
  ],
  verify: [
    ...['coordinator', 'plan', 'checksums', 'workers'],
    ...['description', 'nwb', 'sources', 'streams', 'layout', 'hdf5', 'errors', 'options'],
  ],
  convert: [
    ...['verify', 'coordinator', 'plan', 'checksums', 'workers'],
    ...['description', 'nwb', 'sources', 'streams', 'layout', 'hdf5', 'errors', 'options'],
  ],
  access: [
    ...['verify', 'coordinator', 'plan', 'checksums', 'workers'],
    ...['description', 'sources', 'streams', 'layout', 'hdf5', 'errors', 'options'],
  ],
  index: [
    ...['access', 'convert', 'verify', 'coordinator', 'plan', 'checksums', 'description', 'nwb'],
    ...[
      'schema',
      'sources',
      'streams',
      'layout',
      'hdf5',
      'errors',
      'options',
      'is-hyperslab-error',
    ],
  ],
  // The guard by itself, because the public API would load the addon before a command is known to need it.
  cli: ['index', 'is-hyperslab-error'],
};

/** @returns whether a room or shared file may import another one */
export function mayImport(from, to) {
  if (from === to) return true;
  const allowed = SHARED[from] ?? ROOMS[from] ?? [];
  return allowed.includes(to) || (PLAIN.includes(to) && !(from in SHARED));
}

/** Rooms that enter others by single files: worker threads load them, and an index would load the whole room. */
export const BY_FILE = ['workers', 'sources'];

/** Programs over the public API: they import the package by its name, and nothing else of the repository. */
export const PROGRAMS = ['bench', 'stress', 'examples'];

/**
 * The files of the programs that import more. The stress run looks into journals, and fuzzes with the inputs of
 * the tests.
 */
export const INNER_DOORS = ['stress/built.ts', 'stress/bad-input/input.fuzz.ts'];
