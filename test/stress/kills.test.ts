import { expect, test } from 'vitest';
import { killConversions } from '../../stress/kills/kills.js';
import { PHASES } from '../../stress/kills/left.js';
import { tempFolder } from '../support/recordings.js';

const KILLS = 8;

// What `npm run stress` does for longer, on a smaller recording.
test('conversions that are killed come out as if nothing had been', async () => {
  const folder = tempFolder();
  const killed = await killConversions({
    folder,
    size: 'small',
    kills: KILLS,
    seed: 20,
    say: () => {},
  });
  const total = PHASES.reduce((sum, phase) => sum + killed[phase], 0);
  expect(total).toBeGreaterThanOrEqual(KILLS);
  // Else nothing was resumed.
  expect(killed.running + killed.closing).toBeGreaterThan(0);
}, 300_000);
