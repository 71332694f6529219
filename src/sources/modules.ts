import type { SourceSpec } from './schema.js';

/** A module that a source names: its code runs when the source is opened. */
export interface NamedModule {
  readonly path: string;
  /** Keys and indices that lead to it in the source; none where the source is the module itself. */
  readonly keys: readonly (string | number)[];
}

/** What is expected of sources where the option `modules` is false. */
export const NO_CODE = 'a source that runs no code (the option modules is false)';

/** What a source may hold, also one that no schema has checked: journals come from others, too. */
interface AnySpec {
  readonly type: string;
  readonly path?: unknown;
  readonly sources?: readonly AnySpec[] | undefined;
  readonly each?: AnySpec | undefined;
}

/** All modules of a source, however deep they are nested. None is loaded. */
export function modulesOf(spec: SourceSpec): NamedModule[] {
  return modulesBelow(spec as AnySpec, []);
}

function modulesBelow(
  { type, path, sources = [], each }: AnySpec,
  keys: NamedModule['keys'],
): NamedModule[] {
  return [
    ...(type === 'module' ? [{ path: String(path), keys }] : []),
    ...sources.flatMap((part, at) => modulesBelow(part, [...keys, 'sources', at])),
    ...(each ? modulesBelow(each, [...keys, 'each']) : []),
  ];
}
