import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConversionReport, formatBytes, type VerifyReport } from '../../index.js';
import { runConversion } from '../convert-command.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { DemoFlags } from '../flags.js';
import { formatCount, formatSeconds, formatShare, table } from '../format.js';
import { interruptible } from '../interrupt.js';
import { withManifest } from '../manifest.js';
import { print, printJson, printWarnings } from '../output.js';
import { withProgress } from '../progress.js';
import { quietly } from '../run-options.js';
import { runVerification, verifyText } from '../verify-command.js';
import { manifestText } from './manifest-text.js';
import { CHANNELS, RATE, ROW_BYTES, writeRecording } from './recording.js';

const RECORDING = 'neuropixels.bin';
const MANIFEST = 'neuropixels.yaml';
const OUTPUT = 'neuropixels.nwb';

/** The results of the demo; times in seconds. */
interface Demo {
  readonly recording: { path: string; samples: number; bytes: number; seconds: number };
  readonly manifest: string;
  readonly conversion: ConversionReport;
  readonly verification: VerifyReport;
}

/** `hyperslab demo` */
export async function demoCommand(flags: DemoFlags): Promise<number> {
  const { folder } = flags;
  await makeFolder(folder);
  const recording = await makeRecording(join(folder, RECORDING), flags);
  const manifest = join(folder, MANIFEST);
  await writeFile(manifest, manifestText(RECORDING, OUTPUT));
  if (flags.recordOnly) {
    if (flags.json) printJson({ recording, manifest });
    else if (!quietly(flags)) print(table(inputRows(recording, manifest), 'll'));
    return EXIT.ok;
  }
  const done = await withManifest(manifest, async (loaded) => {
    const conversion = await runConversion(loaded, { ...flags, overwrite: true });
    const verification = await runVerification(conversion.path, loaded, flags);
    return { conversion, verification };
  });
  const demo: Demo = { recording, manifest, ...done };
  if (flags.json) printJson(demo);
  else printWarnings(done.conversion.warnings);
  if (!quietly(flags)) print(demoText(demo));
  else if (!flags.json && !done.verification.equal) print(verifyText(done.verification, true));
  return done.verification.equal ? EXIT.ok : EXIT.differs;
}

/** Creates the last folder of the path only, because Node's recursive mkdir never returns in /proc. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST' || !statSync(path).isDirectory())
      throw new UsageError(
        { problem: `${path} cannot be the folder of the demo: ${cause.message}` },
        { cause },
      );
  });
}

async function makeRecording(path: string, flags: DemoFlags): Promise<Demo['recording']> {
  const samples = Math.round((flags.megabytes * 2 ** 20) / ROW_BYTES);
  const begin = performance.now();
  await interruptible((signal) =>
    withProgress('generate', !quietly(flags), (onProgress) =>
      writeRecording(path, samples, signal, onProgress),
    ),
  );
  const seconds = (performance.now() - begin) / 1000;
  return { path, samples, bytes: samples * ROW_BYTES, seconds };
}

function inputRows(recording: Demo['recording'], manifest: string): string[][] {
  const { path, samples, bytes, seconds } = recording;
  const length = `${formatCount(samples, 'sample')} (${formatSeconds(samples / RATE)})`;
  const size = `${formatBytes(bytes)}, made in ${formatSeconds(seconds)}`;
  return [
    ['recording', `${path}: ${CHANNELS} channels and a sync channel, ${length}, ${size}`],
    ['manifest', manifest],
  ];
}

function demoText({ recording, manifest, conversion, verification }: Demo): string {
  const { rawBytes, storedBytes, seconds, workers, path } = conversion;
  const rate = (took: number) => `${formatSeconds(took)}, ${formatBytes(rawBytes / took)}/s`;
  const rows = [
    ...inputRows(recording, manifest),
    ['converted', `in ${rate(seconds)}, ${formatCount(workers, 'worker')}`],
    [
      'stored',
      `${formatBytes(rawBytes)} -> ${formatBytes(storedBytes)} (${formatShare(storedBytes, rawBytes)}), shuffle and gzip 4`,
    ],
    ['memory', `${formatBytes(conversion.peakRss)} at its peak`],
    [
      'verified',
      verification.equal
        ? `all ${formatCount(verification.values, 'value')} equal to the source, in ${rate(verification.seconds)}`
        : 'NOT EQUAL to the source, see below',
    ],
    ['file', path],
  ];
  const opening = verification.equal ? pythonText(path) : verifyText(verification, true);
  return `${table(rows, 'll')}\n\n${opening}`;
}

function pythonText(path: string): string {
  return `Open it in Python (pip install pynwb):

    from pynwb import NWBHDF5IO

    with NWBHDF5IO(${JSON.stringify(path)}, 'r') as io:
        series = io.read().acquisition['ElectricalSeriesAP']
        volts = series.data[:30000, 0] * series.conversion  # a second of the first channel
        print(series.data.shape, volts.std())`;
}
