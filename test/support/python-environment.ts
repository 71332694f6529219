import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that a test needs: its path, or the reason why it is missing. */
export type Available =
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly reason: string };

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The Python of `.venv`, which has pynwb, nwbinspector and h5py. */
export const python: Available = readPython(join(ROOT, '.setup/python.json'));

/** Reads what the set-up script wrote about the Python environment. */
export function readPython(path: string): Available {
  const hint = 'run: npm run setup -- --python';
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isAvailable(state)) return state;
  } catch {
    return { available: false, reason: `no Python environment yet; ${hint}` };
  }
  return { available: false, reason: `${path} is not readable; ${hint}` };
}

/** The environment of Python processes: without this variable they leave __pycache__ folders in the checkout. */
export const PYTHON_ENVIRONMENT = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

function isAvailable(value: unknown): value is Available {
  if (typeof value !== 'object' || value === null || !('available' in value)) return false;
  if (value.available === true) return 'path' in value && typeof value.path === 'string';
  return value.available === false && 'reason' in value && typeof value.reason === 'string';
}
