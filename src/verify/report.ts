import type { ConvertOptions } from '../options.js';
import type { Difference } from '../workers/index.js';

/** How a dataset of the file compares with the description. */
export interface DatasetVerification {
  /** Absolute path in the file; `path@name` for an attribute that differs. */
  readonly path: string;
  readonly equal: boolean;
  /** Number of values that the description asks for. */
  readonly values: number;
  /** The first difference, in words. */
  readonly problem?: string;
  /** The first value that differs, in the order of jobs and chunks. */
  readonly difference?: Difference;
}

/** How a file compares with its description and sources. */
export interface VerifyReport {
  /** Absolute path of the file. */
  readonly path: string;
  /** Whether all datasets and attributes are equal. */
  readonly equal: boolean;
  /** Number of values of all datasets. */
  readonly values: number;
  /** Bytes of the bulk datasets' values, before compression. */
  readonly rawBytes: number;
  readonly seconds: number;
  readonly datasets: readonly DatasetVerification[];
}

export interface VerifyOptions
  extends Pick<ConvertOptions, 'workers' | 'memory' | 'signal' | 'baseDir' | 'modules'> {
  /** Bytes of the sources compared so far, and in all. */
  readonly onProgress?: (progress: { bytesRead: number; bytesPlanned: number }) => void;
}
