export interface Stamp {
  readonly key?: string;
  readonly failedAt?: number;
}
export interface Stamps {
  read(name: string): Stamp | undefined;
  write(name: string, stamp: Stamp): void;
  clear(name: string): void;
}
export interface Step {
  readonly name: string;
  readonly key: string;
  readonly outputs: readonly string[];
  work(): void;
}
export function openStamps(folder: string): Stamps;
export function runStep(stamps: Stamps, step: Step): boolean;
export function hashOf(...parts: unknown[]): string;
export function hashFiles(root: string, paths: readonly string[]): string;
export function filesUnder(folder: string, keep?: (path: string) => boolean): string[];
export function signature(path: string): string;
export function failedLately(stamp: Stamp | undefined, key: string, now?: number): boolean;
