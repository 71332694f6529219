import type { ConvertOptions } from '../options.js';
import type { Difference } from '../workers/index.js';

/** How a dataset (or `path@name`, an attribute that differs) of the file compares with what the description says. */

export interface DatasetVerification {
  /** Absolute path in the file. */
  readonly path: string;
  readonly equal: boolean;
  /** How many values it should have. */
  readonly values: number;
  /** In words, what differs first. */
  readonly problem?: string;
  /** The first value that differs, in the order of jobs and chunks. */
  readonly difference?: Difference;
}
export interface VerifyReport {
  /** The file. */
  readonly path: string;
  readonly equal: boolean;
  readonly values: number;
  readonly rawBytes: number;
  readonly seconds: number;
  readonly datasets: readonly DatasetVerification[];
}
export interface VerifyOptions
  extends Pick<ConvertOptions, 'workers' | 'memory' | 'signal' | 'baseDir' | 'modules'> {
  /** Bytes of the sources compared so far, and in all. */
  readonly onProgress?: (progress: { bytesRead: number; bytesPlanned: number }) => void;
}
