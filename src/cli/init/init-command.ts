import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expandHome, resolvePath } from '../../home-path.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { requireFile } from '../files.js';
import type { InitFlags } from '../flags.js';
import { formatCount, formatSeconds } from '../format.js';
import { print } from '../output.js';
import { printable } from '../printable.js';
import { type Definitions, readDefinitions, schemaPath } from './manifest-schema.js';
import { manifestTemplate } from './manifest-template.js';

/** `hyperslab init [MANIFEST]` */
export async function initCommand(path: string, flags: InitFlags): Promise<number> {
  // Without this check `init session.nwb` would write a manifest with the name of its own output.
  if (!/\.ya?ml$/i.test(path))
    throw new UsageError({
      problem: `Expected a path that ends in .yaml or .yml for the manifest but received ${path}`,
    });
  const definitions = readDefinitions();
  checkDtype(flags.dtype, definitions);
  const { output = path.replace(/\.ya?ml$/i, '.nwb'), ...known } = flags;
  const raw = flags.raw === undefined ? undefined : expandHome(flags.raw);
  const recording = raw === undefined ? [] : [`${printable(raw)}: ${recordingText(raw, flags)}`];
  const folder = dirname(resolve(path));
  const fromFolder = (file: string) => relative(folder, resolvePath('', file));
  const paths = { output: fromFolder(output), ...(raw !== undefined && { raw: fromFolder(raw) }) };
  const name = printable(path);
  const text = manifestTemplate({ ...known, ...paths }, definitions, schemaPath(folder), name);
  write(path, text);
  const next = `Fill in the keys marked "# required", then run hyperslab plan ${name}`;
  print([...recording, `Wrote ${name}. ${next}`].join('\n'));
  return EXIT.ok;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'EEXIST'
        ? `${path} already exists; choose another path`
        : `${path} cannot be written: ${code === 'ENOENT' ? 'its folder does not exist' : message}`;
    throw new UsageError({ problem }, { cause });
  }
}

function checkDtype(dtype: string | undefined, { RawSpec }: Definitions): void {
  const known = RawSpec.properties.dtype.enum ?? [];
  if (dtype !== undefined && !known.includes(dtype))
    throw new UsageError({
      problem: `Expected one of ${known.join(', ')} for --dtype but received '${dtype}'`,
    });
}

/** What a file says about the length of the recording. @throws UsageError unless it holds whole samples */
function recordingText(path: string, { channels, dtype, offset = 0, rate }: InitFlags): string {
  if (!existsSync(path)) return 'does not exist yet, so its size was not checked';
  const size = requireFile(path, 'a raw binary file');
  if (size < offset)
    throw new UsageError({
      problem: `Expected at most ${size}, the size of ${path}, for --offset but received ${offset}`,
    });
  if (channels === undefined || dtype === undefined) {
    const missing = Object.entries({ '--channels': channels, '--dtype': dtype });
    const flags = missing.filter(([, value]) => value === undefined).map(([flag]) => flag);
    return `${formatCount(size, 'byte')}; pass ${flags.join(' and ')} to check its size`;
  }
  const sampleBytes = channels * (Number(/\d+$/.exec(dtype)) / 8);
  const samples = (size - offset) / sampleBytes;
  const layout = `${formatCount(channels, 'channel')} of ${dtype}`;
  if (!Number.isInteger(samples))
    throw new UsageError({
      problem: `Expected whole samples of ${formatCount(sampleBytes, 'byte')} (${layout}) in ${path} but received ${formatCount(size - offset, 'byte')}; check --channels, --dtype and --offset`,
    });
  const duration = rate === undefined ? '' : `, ${formatSeconds(samples / rate)} at ${rate} Hz`;
  return `${layout}, ${formatCount(samples, 'sample')}${duration}`;
}
