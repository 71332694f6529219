import { surface } from '../surface.js';
import type { ReadableSpec } from './scaling.js';

/** A module that a source names. Its code runs when the source is opened. */
export interface NamedModule {
  readonly path: string;
  /** Keys and indices of the module's place in the source; empty if the source itself is the module. */
  readonly keys: readonly (string | number)[];
}

/** What messages expect of a source if the option `modules` is false. */
export function withoutCode(): string {
  return `a source that runs no code (${surface().off('modules')})`;
}

/** A source that no schema has checked: a journal may have been written by someone else. */
interface AnySpec {
  readonly type: string;
  readonly path?: unknown;
  readonly sources?: readonly AnySpec[] | undefined;
  readonly each?: AnySpec | undefined;
  readonly source?: AnySpec | undefined;
}

/** All modules that a source names at any depth. Loads none of them. */
export function modulesOf(spec: ReadableSpec): NamedModule[] {
  return modulesBelow(spec as AnySpec, []);
}

function modulesBelow(
  { type, path, sources = [], each, source }: AnySpec,
  keys: NamedModule['keys'],
): NamedModule[] {
  return [
    ...(type === 'module' ? [{ path: String(path), keys }] : []),
    ...sources.flatMap((part, at) => modulesBelow(part, [...keys, 'sources', at])),
    ...(each ? modulesBelow(each, [...keys, 'each']) : []),
    ...(source ? modulesBelow(source, [...keys, 'source']) : []),
  ];
}
