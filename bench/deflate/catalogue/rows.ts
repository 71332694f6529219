import { EPHYS } from './ephys.js';
import { EVENTS } from './events.js';
import { EXTREMES } from './extremes.js';
import { HIPPOCAMPUS } from './hippocampus.js';
import { IMAGES } from './images.js';
import type { Row } from './row.js';
import { SIGNALS } from './signals.js';
import { TIMES } from './times.js';

/** All rows of the catalogue. */
export const ROWS: readonly Row[] = [
  ...EPHYS,
  ...HIPPOCAMPUS,
  ...SIGNALS,
  ...IMAGES,
  ...EVENTS,
  ...TIMES,
  ...EXTREMES,
];
