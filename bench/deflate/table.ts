import { find } from './judge.js';
import type { Measured } from './program.js';

const ENCODERS = ['ours', 'zlib', 'libdeflate'] as const;

/** The two lines above those of {@link tableLines}. */
export const TABLE_HEAD = [
  `${''.padEnd(27)}| stored / raw          | MB/s of CPU time    | size to      | speed to     |`,
  `${'row'.padEnd(22)}level|    ours   zlib  libdef |   ours  zlib libdef |  zlib libdef |  zlib libdef | % of bytes, coded as`,
].join('\n');

/** One line for each level. */
export function tableLines(name: string, { bytes, figures }: Measured): string {
  const levels = [...new Set(figures.map(({ level }) => level))];
  const lines = levels.map((level) => {
    const [ours, zlib, libdeflate] = ENCODERS.map((encoder) => find(figures, encoder, level));
    const all = [ours, zlib, libdeflate];
    const ratios = all.map(({ storedBytes }) => (storedBytes / bytes).toFixed(4).padStart(7));
    const speeds = all.map(({ cpuSeconds }) => (bytes / 1e6 / cpuSeconds).toFixed(0).padStart(6));
    const peers = [zlib, libdeflate];
    const sizes = peers.map((peer) => (ours.storedBytes / peer.storedBytes).toFixed(3));
    const gains = peers.map((peer) => (peer.cpuSeconds / ours.cpuSeconds).toFixed(2).padStart(6));
    const kinds = Object.entries(ours.encoded ?? {})
      .filter(([, part]) => part > 0)
      .map(([kind, part]) => `${kind} ${((100 * part) / bytes).toFixed(0)}`);
    return [
      `${name.padEnd(23)}${String(level).padStart(3)} `,
      ` ${ratios.join('')} `,
      ` ${speeds.join('')} `,
      ` ${sizes.join('  ')} `,
      ` ${gains.join('')} `,
      ` ${kinds.join(', ')}`,
    ].join('|');
  });
  return lines.join('\n');
}
