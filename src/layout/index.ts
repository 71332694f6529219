/**
 * Shapes and plans: hyperslabs, selections, grids of cells, chunk shapes, chunk indexes and jobs.
 * Pure functions without I/O.
 *
 *     const chunk = resolveChunks('auto', { shape, itemSize: 2, kind: 'electrical' });
 *     const { jobs } = planDataset({ extent: shape, chunk, itemSize: 2, storageOrder: [0, 1], ... });
 *     for (const { job } of interleave([cellCount(jobs)])) {
 *       for (const block of cellsWithin({ extent: shape, cell: chunk }, cellAt(jobs, job))) ...
 *     }
 */

export { isAscending } from './ascending.js';
export {
  type BudgetRequest,
  type GatheringRequest,
  gatheringBudget,
  gatheringBytes,
  JOB_TARGET,
  tooLittleMemory,
} from './budget.js';
export { formatBytes, parseBytes, parseMemory } from './bytes.js';
export {
  type ChunkIndex,
  type ChunkIndexContext,
  checkIndexLimits,
  chooseChunkIndex,
  type FormatBound,
  possibleChunks,
  tableBytes,
} from './chunk-index.js';
export {
  CHUNK_STRATEGIES,
  type ChunkContext,
  type ChunkRequest,
  type ChunkStrategy,
  DEFAULT_CHUNK_TARGET,
  resolveChunks,
} from './chunks.js';
export {
  DTYPES,
  type DType,
  ITEM_ARRAYS,
  type ItemArray,
  isDType,
  itemSize,
  itemsFrom,
} from './dtype.js';
export { fitsFloat32, integerRange, numberFits } from './dtype-range.js';
export {
  BudgetError,
  type BudgetErrorFields,
  LayoutError,
} from './errors.js';
export {
  cellAt,
  cellCount,
  cellCountWithin,
  cellIndexOf,
  cells,
  cellsPerAxis,
  cellsWithin,
  type Grid,
  makeGrid,
} from './grid.js';
export {
  clippedCount,
  contains,
  denseSteps,
  type Hyperslab,
  intersect,
  isAligned,
  isEmpty,
  product,
  ravelIndex,
  relativeTo,
  shapeText,
  shift,
  slabSize,
  slabsEqual,
  slabText,
  unravelIndex,
  wholeSlab,
} from './hyperslab.js';
export { interleave, type JobName } from './interleave.js';
export { checkExtentLimits } from './limits.js';
export { type Maxshape, resolveMaxshape } from './maxshape.js';
export {
  type AxisPick,
  isList,
  type ListPick,
  pickAt,
  pickedWithin,
  pickFrom,
  type RegularPick,
} from './pick.js';
export { type JobPlan, type PlanRequest, planDataset } from './planner.js';
export {
  type AxisSelection,
  type IndexArray,
  isSlice,
  type Selection,
  type Slice,
  showSelection,
  slice,
} from './selection.js';
export {
  checkData,
  type GrowingSelection,
  type GrowthBounds,
  resolveGrowing,
} from './selection-growth.js';
export { type ResolvedSelection, resolveSelection, selectedSlab } from './selection-resolve.js';
export type { DatasetKind } from './strategies.js';
