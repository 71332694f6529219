/**
 * The built package, and the only door of the stress run to its inner parts. The run needs some that are not public:
 * the journal, because it cuts, damages and reads journals as a crash leaves them; checksums, because it compares
 * those of two files; hdf5 and layout, because it compares where chunks lie. All are loaded from dist, so that the
 * run judges the code that the killed processes run.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Checksums from '../dist/checksums/index.js';
import type * as JournalParts from '../dist/convert/journal/index.js';
import type * as Hdf5 from '../dist/hdf5/index.js';
import type * as Library from '../dist/index.js';
import type * as Layout from '../dist/layout/index.js';

/** The package's folder; found by name, because this file is compiled to another folder. */
export const ROOT = dirname(createRequire(import.meta.url).resolve('hyperslab/package.json'));

const DIST = join(ROOT, 'dist');

/** The command line. */
export const CLI = join(DIST, 'cli/main.js');

/** URL of the library, for programs that import it. */
export const LIBRARY = pathToFileURL(join(DIST, 'index.js')).href;

const load = (path: string) => import(pathToFileURL(join(DIST, path)).href);

export const library: typeof Library = await load('index.js');
export const { Journal, Recorded }: typeof JournalParts = await load('convert/journal/index.js');
const hdf5: typeof Hdf5 = await load('hdf5/index.js');
export const { File } = hdf5;
export type File = Hdf5.File;
export type Dataset = Hdf5.Dataset;
export type Group = Hdf5.Group;
export type HdfObject = Hdf5.HdfObject;
export type Value = Hdf5.Value;
export const { openChecksums }: typeof Checksums = await load('checksums/index.js');
export const { cellAt, cellCount }: typeof Layout = await load('layout/index.js');
