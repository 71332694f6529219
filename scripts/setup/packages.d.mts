export type Manager = 'apt' | 'dnf' | 'brew';
export type Need =
  | 'compiler'
  | 'make'
  | 'cmake'
  | 'hdf5'
  | 'libdeflate'
  | 'xxhash'
  | 'python'
  | 'hdf5Tools'
  | 'clang';
export interface Machine {
  readonly uid: number | undefined;
  readonly hasAptGet: boolean;
  sudo(): boolean;
}
export const PACKAGES: Readonly<Record<Need, { readonly title: string }>>;
export function packagesFor(manager: Manager, needs: readonly Need[]): string[];
export function installCommands(needs: readonly Need[]): Record<Manager, string>;
export function titles(needs: readonly Need[]): string;
export function aptGet(machine: Machine): string[] | undefined;
export function haveFreshLists(folder?: string, now?: number): boolean;
