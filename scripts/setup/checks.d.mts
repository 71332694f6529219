export interface Found {
  readonly hdf5Usable: boolean;
  readonly hdf5Version: string;
  readonly libdeflateUsable: boolean;
  readonly xxhashUsable: boolean;
  readonly files: readonly string[];
}
export function generatorArguments(
  tools: { readonly make?: string; readonly ninja?: string },
  env?: Readonly<Record<string, string | undefined>>,
): string[];
export function isAtLeast(version: string, least: string): boolean;
export function parseFound(text: string): Found;
