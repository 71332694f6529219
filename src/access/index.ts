/**
 * Existing files: open them to read and write datasets in parallel; fill them, plan and verify that; or inspect them.
 *
 *     const file = await open('session.nwb', 'a', { workers: 8 });
 *     const data = file.dataset('/acquisition/ElectricalSeries/data');
 *     await data.append(ndarray(samples, [1000, 384]));
 *     const { data: items, shape } = await data.read([slice(-100, null), 3]);
 *     await file.close();
 */
export type { BlockOptions } from './blocks.js';
export type { CreateOptions } from './create.js';
export { OpenDataset } from './dataset.js';
export { OpenFile } from './file.js';
export { type FilledDatasetReport, type FillOptions, type FillReport, fill } from './fill.js';
export { type InspectOptions, inspect } from './inspect.js';
export type {
  Inspected,
  InspectedDataset,
  InspectedGroup,
  InspectedLink,
  InspectedOther,
  InspectedUnreadable,
} from './inspected.js';
export { type OpenMode, open } from './open.js';
export type { AccessOptions } from './options.js';
export { type FilledDatasetPlan, type FillPlan, planFill } from './plan-fill.js';
export { verifyFill } from './verify-fill.js';
