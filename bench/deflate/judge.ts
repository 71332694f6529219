import type { Group } from './catalogue/row.js';
import type { Figures, Measured } from './program.js';

/** Bounds for every row. The first one holds for each level, the others for the default level of gzip. */
const SIZE_TO_ZLIB = 1.01;
const SIZE_TO_LIBDEFLATE = 1.02;
const TIME_TO_LIBDEFLATE = 1.1;
const DEFAULT_LEVEL = 4;

/** How many times as fast as zlib our encoder has to be on extracellular recordings. */
const EPHYS_SPEED_TO_ZLIB = 8;

/** The bounds that our encoder misses, one line each. */
export function judge(name: string, group: Group, { figures }: Measured): string[] {
  const failures: string[] = [];
  const expect = (what: string, bound: 'most' | 'least', limit: number, received: number) => {
    const holds = bound === 'most' ? received <= limit : received >= limit;
    if (!holds)
      failures.push(
        `${name}: Expected at ${bound} ${limit} for ${what} but received ${received.toFixed(4)}`,
      );
  };
  for (const { encoder, level, storedBytes, cpuSeconds } of figures) {
    if (encoder !== 'ours') continue;
    const zlib = find(figures, 'zlib', level);
    const size = storedBytes / zlib.storedBytes;
    expect(`ours-${level} size / zlib-${level}`, 'most', SIZE_TO_ZLIB, size);
    if (level !== DEFAULT_LEVEL) continue;
    const peer = find(figures, 'libdeflate', level);
    const peerSize = storedBytes / peer.storedBytes;
    expect('ours-4 size / libdeflate-4', 'most', SIZE_TO_LIBDEFLATE, peerSize);
    const time = cpuSeconds / peer.cpuSeconds;
    expect('ours-4 time / libdeflate-4', 'most', TIME_TO_LIBDEFLATE, time);
    if (group !== 'ephys') continue;
    const speed = zlib.cpuSeconds / cpuSeconds;
    expect('ours-4 speed / zlib-4', 'least', EPHYS_SPEED_TO_ZLIB, speed);
  }
  return failures;
}

export function find(
  figures: readonly Figures[],
  encoder: Figures['encoder'],
  level: number,
): Figures {
  const found = figures.find((one) => one.encoder === encoder && one.level === level);
  if (!found) throw new Error(`Expected figures of ${encoder}-${level} but received none`);
  return found;
}
