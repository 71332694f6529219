import type { PlannedDataset } from '../plan/index.js';
import type { Target } from './gather/index.js';
import type { Ledger } from './ledger.js';
import type { TimestampCheck } from './timestamp-check.js';

/** Up to this many rewritten chunks, or this share of all chunks, are not worth a warning. */
const FEW_REWRITES = 8;
const SMALL_SHARE = 0.01;

/** Warnings about complete datasets, one line each. */
export function writtenWarnings(
  datasets: readonly PlannedDataset[],
  ledger: Ledger,
  targets: ReadonlyMap<number, Target>,
  timestamps: ReadonlyMap<number, TimestampCheck>,
): string[] {
  return [
    ...[...targets.values()].flatMap((target) => emptyWarnings(target, ledger)),
    ...[...targets.values()].flatMap(rewriteWarnings),
    ...datasets.flatMap(({ spec: { path } }, at) => {
      const dataPath = path.replace(/timestamps$/, 'data');
      const data = datasets.findIndex(({ spec }) => spec.path === dataPath);
      return path.endsWith('/timestamps') && data >= 0
        ? lengthWarnings(path, at, data, ledger)
        : [];
    }),
    ...[...timestamps].flatMap(([at, check]) =>
      check.warnings(datasets[at].spec.path, ledger.extent(at)[0]),
    ),
  ];
}

function emptyWarnings(target: Target, ledger: Ledger): string[] {
  const isEmpty = ledger.progress.datasets[target.number].bytesRead === 0;
  return isEmpty ? [`${target.path}: no data were received`] : [];
}

function rewriteWarnings({ path, chunk, chunksRewritten, encoded }: Target): string[] {
  if (chunksRewritten <= Math.max(FEW_REWRITES, SMALL_SHARE * encoded.size)) return [];
  return [
    `${path}: chunks were rewritten ${chunksRewritten} times (there are ${encoded.size}), each read back, ` +
      'merged and compressed again, and the file keeps the old ones as unused space: send ' +
      `DataChunks that match the chunks of [${chunk.join(', ')}], choose chunks that match them, or allow more memory`,
  ];
}

function lengthWarnings(path: string, timestamps: number, data: number, ledger: Ledger): string[] {
  const [times, samples] = [timestamps, data].map((at) => ledger.extent(at)[0]);
  if (times === samples) return [];
  return [`${path}: received ${times} timestamps for ${samples} samples`];
}
