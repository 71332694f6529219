import { execFile } from 'node:child_process';
import { tool } from '../support/python.js';

export const HDF5_TOOLS = ['h5dump', 'h5diff', 'h5ls', 'h5stat'].map(tool);

/** Runs one of HDF5's tools. `codes` are the exit codes that are not a failure. */
export function runTool(
  name: string,
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(name, args, { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      const code = error ? Number(error.code) : 0;
      if (codes.includes(code)) resolve(stdout);
      else reject(new Error(`Expected ${name} to succeed but received ${code}: ${stderr}`));
    });
  });
}

/** The properties of a dataset as h5dump prints them. */
export interface Dumped {
  readonly datatype: string;
  /** Shape and maxshape, as h5dump prints them. */
  readonly dataspace: string;
  readonly chunked: string | undefined;
  readonly storedBytes: number;
  readonly filters: readonly string[];
  readonly fillvalue: string | undefined;
}

export async function dumpProperties(file: string, dataset: string): Promise<Dumped> {
  const text = await runTool('h5dump', ['-p', '-H', '-d', dataset, file]);
  // Attributes follow, with datatypes of their own.
  const own = text.split('ATTRIBUTE "')[0];
  const match = (pattern: RegExp) => pattern.exec(own)?.[1]?.trim();
  const filters = match(/FILTERS \{(.*?)\n {3}\}/s) ?? '';
  return {
    datatype: match(/DATATYPE {2}(.*)/) ?? '',
    dataspace: match(/DATASPACE {2}SIMPLE \{(.*)\}/) ?? '',
    chunked: match(/CHUNKED \((.*)\)/),
    storedBytes: Number(match(/SIZE (\d+)/)),
    filters: filters === 'NONE' ? [] : filters.split('\n').map((line) => line.trim()),
    fillvalue: match(/VALUE {2}(.*)/),
  };
}

/** Numbers of differences by the object or attribute that h5diff compared. */
export async function diffFiles(left: string, right: string): Promise<Map<string, number>> {
  const text = await runTool('h5diff', ['-r', left, right], [0, 1]);
  const found = new Map<string, number>();
  let object = '';
  for (const line of text.split('\n')) {
    const header = /^(dataset|group|attribute|link): <(.*)> and <.*>$/.exec(line);
    if (header) object = `${header[1]} ${header[2]}`;
    const count = /^(\d+) differences found$/.exec(line);
    if (count) found.set(object, Number(count[1]));
  }
  return found;
}
