/**
 * Gathering: data that come in any order, in pieces of any shape, become whole chunks.
 *
 *     const gatherer = new Gatherer(pool, ledger, memory);
 *     const target = new Target(number, dataset, spec);
 *     gatherer.admit(target);
 *     await feed(target, iterator, { pool, ledger, gatherer });
 *     await gatherer.flush();
 */

export { type FeedContext, feed } from './feed.js';
export { Gatherer } from './gatherer.js';
export { type GrowthContext, writeGrowing } from './growing.js';
export { latticeOf, toChunk, toPicked } from './lattices.js';
export { LibraryWriter } from './library-writer.js';
export { type Cell, pickedCells } from './picked-chunks.js';
export { rejectWriters } from './reject-writers.js';
export { Target } from './target.js';
