import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Disk, type Found } from './disk.js';
import { type LogEvent, readLog } from './log.js';
import type { Machine } from './machine.js';
import type { Scenario } from './scenario.js';
import { ACKNOWLEDGEMENTS } from './streams.js';

/** The boot id under which each conversion begins. */
export const FIRST_BOOT = '00000000-0000-4000-8000-000000000000';

/** A scenario, all that its first process did to the files, and the machine on which it ran. */
export interface Bench {
  readonly scenario: Scenario;
  readonly machine: Machine;
  readonly events: readonly LogEvent[];
  /** Inodes of all files that the process created. */
  readonly inodes: ReadonlySet<bigint>;
}

/**
 * Runs the first process of a scenario, once for all of its states. Because of its threads, no two runs are equal:
 * the log is kept in the folder, and if it is there already, it is used again.
 *
 * @throws Error if the process fails, or the model made from the log differs from the actual files
 */
export async function record(scenario: Scenario, machine: Machine, folder: string): Promise<Bench> {
  const kept = join(folder, 'recorded');
  scenario.prepare();
  if (!existsSync(kept)) {
    machine.boot(FIRST_BOOT);
    const { code, stderr } = await machine.run(
      scenario.begin(),
      undefined,
      scenario.beginEnvironment,
    );
    if (code !== 0) throw new Error(`${scenario.name} ended with ${code}: ${stderr}`);
    requireSame(diskAfter(readLog(machine.log)).now(), machine.found(), scenario.name);
    cpSync(machine.log, kept);
    rmSync(join(machine.output, ACKNOWLEDGEMENTS), { force: true });
  }
  const events = readLog(kept);
  const inodes = events.flatMap((event) => (event.kind === 'create' ? [event.inode] : []));
  return { scenario, machine, events, inodes: new Set(inodes) };
}

/** @param found files on the disk before the events */
export function diskAfter(events: readonly LogEvent[], found?: Found): Disk {
  const disk = new Disk(found);
  for (const event of events) disk.apply(event);
  return disk;
}

/** @throws Error if the model differs from the actual files, because something was not logged */
export function requireSame(model: Found, found: Found, name: string): void {
  for (const file of new Set([...model.keys(), ...found.keys()])) {
    const [expected, received] = [model.get(file), found.get(file)];
    const isSame =
      expected?.inode === received?.inode &&
      expected?.mtimeNs === received?.mtimeNs &&
      expected !== undefined &&
      received?.contents.equals(expected.contents);
    if (!isSame)
      throw new Error(`${name}: ${file} differs from the model that was made from the log`);
  }
}
