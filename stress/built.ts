import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Checksums from '../dist/checksums/index.js';
import type * as JournalParts from '../dist/convert/journal/index.js';
import type * as Hdf5 from '../dist/hdf5/index.js';
import type * as Library from '../dist/index.js';
import type * as Layout from '../dist/layout/index.js';

/** The package's folder, from here and from where this is compiled to. */
export const ROOT = dirname(createRequire(import.meta.url).resolve('hyperslab/package.json'));

const DIST = join(ROOT, 'dist');

/** What users run. */
export const CLI = join(DIST, 'cli/main.js');

/** What programs import. */
export const LIBRARY = pathToFileURL(join(DIST, 'index.js')).href;

const load = (path: string) => import(pathToFileURL(join(DIST, path)).href);

// The built package and its inner parts: what is killed runs the same ones.
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
