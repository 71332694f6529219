/** Work of one kind on the bytes of chunks. */
export interface Stage {
  readonly seconds: number;
  /** What it was given, and what came of it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export type Stages<Name extends string> = Readonly<Record<Name, Stage>>;

/** Work that was not done. */
export function noStages<Name extends string>(...names: readonly Name[]): Stages<Name> {
  const none: Stage = { seconds: 0, bytesIn: 0, bytesOut: 0 };
  return Object.fromEntries(names.map((name) => [name, none])) as Stages<Name>;
}

/** @param more of the stages of `sum`; those that are left out add nothing */
export function sumStages<Name extends string>(
  sum: Stages<Name>,
  more: Partial<Stages<Name>>,
): Stages<Name> {
  const both = Object.entries<Stage>(sum).map(([name, stage]) => {
    const other = more[name as Name];
    return [name, other ? addStage(stage, other) : stage];
  });
  return Object.fromEntries(both) as Stages<Name>;
}

function addStage(a: Stage, b: Stage): Stage {
  return {
    seconds: a.seconds + b.seconds,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}
