import { expect, test } from 'vitest';
import { simulatePowerLoss } from '../../../stress/power-loss/power-loss.js';
import { whyNoPreload } from '../../../stress/power-loss/preload.js';
import { tempFolder } from '../../support/recordings.js';

const STATES = 12;

// What `npm run stress` does for longer.
test.skipIf(whyNoPreload())(
  'what a loss of power leaves is gone on with, and nothing acknowledged is lost',
  async () => {
    const { outcomes, failures } = await simulatePowerLoss({
      folder: tempFolder(),
      states: STATES,
      seed: 9,
      streams: 2,
      conversions: [
        ['slow', 'power'],
        ['mixed', 'process'],
      ],
      say: () => {},
    });
    expect(failures.map(({ message }) => message)).toEqual([]);
    const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(STATES);
    // Else nothing was gone on with.
    expect(outcomes.get('completed')).toBeGreaterThan(STATES / 3);
  },
  300_000,
);
