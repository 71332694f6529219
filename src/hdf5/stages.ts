/** Time and data of one kind of work on chunks. */
export interface Stage {
  readonly seconds: number;
  /** Bytes before and after the work. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export type Stages<Name extends string> = Readonly<Record<Name, Stage>>;

/** Stages in which no work was done. */
export function noStages<Name extends string>(...names: readonly Name[]): Stages<Name> {
  const none: Stage = { seconds: 0, bytesIn: 0, bytesOut: 0 };
  return Object.fromEntries(names.map((name) => [name, none])) as Stages<Name>;
}

/** Adds `more` to `sum`, stage by stage; `more` may leave stages out. */
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
