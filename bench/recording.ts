import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './process.js';

/** Shape of the recordings that `hyperslab demo` makes: 384 channels and a sync channel. */
export const COLUMNS = 385;
export const CHANNELS = 384;
export const RATE = 30_000;

/** Path of a recording of about this size, made by `hyperslab demo` at the first call per folder and size. */
export async function recording(folder: string, megabytes: number): Promise<string> {
  const place = join(folder, `recording-${megabytes}`);
  const path = join(place, 'neuropixels.bin');
  if (!existsSync(path)) {
    const cli = new URL('../../dist/cli/main.js', import.meta.url).pathname;
    const size = ['--megabytes', String(megabytes)];
    await runProcess(process.execPath, [cli, 'demo', '--record-only', '--folder', place, ...size]);
  }
  return path;
}

/** Bytes of the channels, without the sync channel. */
export function channelBytes(path: string): number {
  return (statSync(path).size / COLUMNS) * CHANNELS;
}
