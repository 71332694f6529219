export const SHARED: Readonly<Record<string, readonly string[]>>;
export const ROOMS: Readonly<Record<string, readonly string[]>>;
export function mayImport(from: string, to: string): boolean;
export const BY_FILE: readonly string[];
export const PROGRAMS: readonly string[];
export const INNER_DOORS: readonly string[];
