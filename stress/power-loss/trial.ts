import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import { type Bench, diskAfter, FIRST_BOOT, requireSame } from './bench.js';
import { drawCrash, drawCrashPoint } from './crash-states.js';
import type { Found } from './disk.js';
import type { LogEvent } from './log.js';
import type { Fault } from './machine.js';
import type { Command, Promised } from './scenario.js';
import { ACKNOWLEDGEMENTS } from './streams.js';

/** Exit codes of the command line. */
const EXIT_REFUSED = 2;
/** The output is there, such as a partial file without its journal. */
const EXIT_EXISTS = 5;
const EXIT_INTERRUPTED = 130;

/** How a trial ended. */
export type Outcome =
  /** The file had its final name already. */
  | 'complete at once'
  /** No file was there, and no data were promised. */
  | 'nothing, and nothing promised'
  | 'completed'
  /** A power failure lost data with durability `process`, and the file was completed without them. */
  | 'refused, and completed without the lost'
  | 'refused, and nothing promised';

/**
 * A conversion that is interrupted by a power failure or by the end of its process. It is continued, perhaps
 * interrupted again, and then completed.
 */
export class Trial {
  /** What happened, line by line, for errors. */
  readonly story: string[] = [];
  readonly #bench: Bench;
  readonly #random: Random;
  /** The files on the disk when the machine last started. */
  #found: Found = new Map();
  /** What processes did since then. */
  #since: LogEvent[] = [];
  readonly #acknowledged: readonly number[];
  /** Whether the power failed, and not only a process ended. */
  #hasLostPower = false;
  /** Whether a name may be lost although later changes are not; a file system with a journal never does that. */
  #mayLackNames = false;
  #boots = 0;

  constructor(bench: Bench, random: Random) {
    this.#bench = bench;
    this.#random = random;
    const { scenario, events, machine } = bench;
    const point = drawCrashPoint(random, events);
    this.#since = [...events.slice(0, point), { kind: 'end' }];
    this.#acknowledged = scenario.acknowledged(this.#since);
    machine.boot(FIRST_BOOT);
    this.story.push(`${scenario.name} ends after event ${point} of ${events.length}`);
    if (random.chance(0.9)) this.#losePower();
    else this.#restore(diskAfter(this.#since).now());
    if (this.#acknowledged.length > 0)
      this.story.push(`acknowledged rows: ${this.#acknowledged.join(', ')}`);
  }

  /** @throws Error if something that must hold does not */
  async run(): Promise<Outcome> {
    await this.#checkNamed();
    for (let left = this.#random.pick([0, 1, 1, 2]); left > 0 && this.#isUnfinished; left--)
      await this.#interruptAgain();
    return this.#complete();
  }

  /** What the file must contain. */
  get #promised(): Promised {
    const holds = this.#bench.scenario.durability === 'power' || !this.#hasLostPower;
    return { rows: holds ? this.#acknowledged : this.#acknowledged.map(() => 0) };
  }

  get #path(): string {
    return join(this.#bench.machine.output, this.#bench.scenario.filename);
  }

  get #hasJournal(): boolean {
    return existsSync(`${this.#path}.journal`);
  }

  get #hasPartial(): boolean {
    return existsSync(`${this.#path}.partial`);
  }

  get #isUnfinished(): boolean {
    return this.#hasJournal || (this.#bench.scenario.isRepeatable && !existsSync(this.#path));
  }

  /** Lets the power fail, and starts the machine again. */
  #losePower(): void {
    const crash = drawCrash(this.#random);
    this.#found = diskAfter(this.#since, this.#found).crash(crash);
    this.#since = [];
    this.#hasLostPower = true;
    this.#mayLackNames ||= crash.names.order === 'posix';
    this.#restore(this.#found);
    this.#bench.machine.boot(`00000000-0000-4000-8000-${String(++this.#boots).padStart(12, '0')}`);
    const files = [...this.#found].map(([name, { contents }]) => `${name} (${contents.length})`);
    const { way, names } = crash;
    this.story.push(
      `power is lost (${way}, names ${names.order}), left: ${files.join(', ') || '-'}`,
    );
  }

  #restore(found: Found): void {
    const known = new Set(this.#bench.inodes);
    for (const event of this.#since) if (event.kind === 'create') known.add(event.inode);
    for (const { inode } of found.values()) known.add(inode);
    const files = [...found].filter(([name]) => name !== ACKNOWLEDGEMENTS);
    this.#found = new Map([...this.#found].filter(([name]) => name !== ACKNOWLEDGEMENTS));
    this.#bench.machine.restore(new Map(files), known);
  }

  /** Runs a process that continues. Interrupts it at one of its calls, or lets the power fail during or after it. */
  async #interruptAgain(): Promise<void> {
    const random = this.#random;
    const fault = drawFault(random);
    const { code, events } = await this.#process(this.#bench.scenario.proceed(random), fault);
    if (code === 0) await this.#checkNamed(true);
    if (random.chance(0.6)) {
      // If the process was not interrupted, the power may have failed at any of its calls.
      const cut = code === 0 ? drawCrashPoint(random, events) : events.length;
      this.#since.length -= 1 + events.length - cut;
      this.#since.push({ kind: 'end' });
      if (code === 0) this.story.push(`the power failed after its event ${cut}`);
      this.#losePower();
    }
    await this.#checkNamed();
  }

  async #process(command: Command, fault?: Fault) {
    const ended = await this.#bench.machine.run(command, fault);
    const { code, stderr, events } = ended;
    this.#since.push(...events, { kind: 'end' });
    const [, verb, ...flags] = command;
    const words = flags.filter((flag) => !flag.includes('/')).join(' ');
    const interruption = fault ? ` (${fault.kind} at ${fault.at})` : '';
    const how = code === undefined ? 'was killed' : `ended with ${code}`;
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
    this.story.push(`${verb} ${words}${interruption} ${how} ${errors.join(' ')}`.trimEnd());
    const known = [undefined, 0, 1, EXIT_REFUSED, EXIT_EXISTS, EXIT_INTERRUPTED];
    if (!known.includes(code)) throw new Error(`exit code ${code}: ${stderr}`);
    requireSame(this.#modelled(), this.#bench.machine.found(), this.#bench.scenario.name);
    return ended;
  }

  #modelled(): Found {
    const now = diskAfter(this.#since, this.#found).now();
    return new Map([...now].filter(([name]) => name !== ACKNOWLEDGEMENTS));
  }

  /** Checks the file, if it has its final name: it must be complete at any time. */
  async #checkNamed(isExpected = false): Promise<void> {
    if (!isExpected && !existsSync(this.#path)) return;
    try {
      await this.#bench.scenario.check(this.#path, this.#promised, this.#random);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`${this.#bench.scenario.filename} is damaged: ${message}`, { cause });
    }
  }

  async #complete(): Promise<Outcome> {
    if (!this.#hasJournal && existsSync(this.#path)) return 'complete at once';
    const { scenario } = this.#bench;
    if (!scenario.isRepeatable && !this.#hasJournal && !this.#hasPartial) {
      this.#requireNothingPromised('nothing is left');
      return 'nothing, and nothing promised';
    }
    const isHalf = this.#hasPartial !== this.#hasJournal;
    let { code, stderr } = await this.#process(scenario.proceed(this.#random));
    const hadBegun = !/before it wrote anything|no interrupted conversion/.test(stderr);
    if (code !== 0 && scenario.isRepeatable && !hadBegun)
      ({ code, stderr } = await this.#process(scenario.insist('begin')));
    const lacksFile = /without a journal|is missing, although its journal/.test(stderr);
    if (code !== 0 && scenario.isRepeatable && lacksFile && this.#mayLackNames)
      ({ code, stderr } = await this.#process(scenario.insist('overwrite')));
    if (code === 0) {
      await this.#checkWhole();
      return 'completed';
    }
    if (code !== EXIT_REFUSED) throw new Error(`ended with ${code}: ${stderr}`);
    if (scenario.isRepeatable)
      throw new Error(`refused although its data can be read again: ${stderr}`);
    return this.#afterRefusal(hadBegun && !isHalf, stderr);
  }

  /**
   * Checks that a refusal was right. It is right if there was no conversion to recover, or if a power failure lost data
   * that were acknowledged with durability `process`: then `--incomplete` must complete the file.
   */
  async #afterRefusal(hadBegun: boolean, stderr: string): Promise<Outcome> {
    this.#requireNothingPromised(stderr);
    const hasAcknowledged = this.#acknowledged.some((rows) => rows > 0);
    const isDamagedHeader = /\.journal is damaged/.test(stderr);
    if (!hadBegun || isDamagedHeader) return 'refused, and nothing promised';
    // With durability `process`, a flush is recorded before it is answered, and the power may have failed in between.
    const mayBeAcknowledged =
      hasAcknowledged || (this.#bench.scenario.durability === 'process' && this.#hasLostPower);
    if (!mayBeAcknowledged) throw new Error(`refused although nothing was acknowledged: ${stderr}`);
    const { code, stderr: again } = await this.#process(this.#bench.scenario.insist('incomplete'));
    if (code !== 0) throw new Error(`--incomplete ended with ${code}: ${again}`);
    await this.#checkWhole();
    return 'refused, and completed without the lost';
  }

  #requireNothingPromised(problem: string): void {
    if (this.#promised.rows.some((rows) => rows > 0))
      throw new Error(`acknowledged rows are lost: ${problem}`);
  }

  async #checkWhole(): Promise<void> {
    await this.#checkNamed(true);
    const left = readdirSync(this.#bench.machine.output);
    const others = left.filter((name) => name !== this.#bench.scenario.filename);
    if (others.length > 0) throw new Error(`${others.join(', ')} is left beside the complete file`);
  }
}

/** Most faults are at the first calls, between which chunks on record are compared; later calls complete the file. */
function drawFault(random: Random): Fault | undefined {
  if (random.chance(0.2)) return undefined;
  const kind = random.pick(['kill', 'interrupt', 'interrupt', 'fail'] as const);
  return { kind, at: random.whole(1, random.pick([8, 8, 8, 8, 120])) };
}
