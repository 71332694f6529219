import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type {
  ConversionPlan,
  ConversionReport,
  ConvertOptions,
  DatasetProgress,
  DatasetReport,
  DatasetSummary,
  DatasetVerification,
  Description,
  DType,
  Inspected,
  InspectedDataset,
  InspectedGroup,
  InspectedLink,
  InspectedOther,
  ItemArray,
  ModuleSource,
  PlannedDataset,
  Problem,
  Progress,
  ProgressCounts,
  SourceSpec,
  StageSeconds,
  VerifyOptions,
  VerifyReport,
} from '../src/index.js';
import * as api from '../src/index.js';

/** Types of the public API: the type check fails where one is gone. */
export type PublicTypes = [
  ConversionPlan,
  ConversionReport,
  ConvertOptions,
  DatasetProgress,
  DatasetReport,
  DatasetSummary,
  DatasetVerification,
  Description,
  DType,
  Inspected,
  InspectedDataset,
  InspectedGroup,
  InspectedLink,
  InspectedOther,
  ItemArray,
  ModuleSource,
  PlannedDataset,
  Problem,
  Progress,
  ProgressCounts,
  SourceSpec,
  StageSeconds,
  VerifyOptions,
  VerifyReport,
];

test('the public API changes by decision only', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BudgetError',
    'DescriptionError',
    'Hdf5Error',
    'JobError',
    'LayoutError',
    'NwbError',
    'OutputError',
    'SourceError',
    'convert',
    'descriptionSchema',
    'formatBytes',
    'inspect',
    'libraryVersion',
    'plan',
    'verify',
    'version',
  ]);
});

test('versions are those of the package and of the library', () => {
  const file = new URL('../package.json', import.meta.url);
  expect(api.version).toBe(JSON.parse(readFileSync(file, 'utf8')).version);
  expect(api.libraryVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});
