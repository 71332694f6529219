import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showProgress } from '../../src/cli/progress.js';
import { progressBar, progressLine } from '../../src/cli/progress-bar.js';
import { RateMeter } from '../../src/cli/rate.js';

const MIB = 2 ** 20;
const state = {
  label: 'convert',
  bytesRead: 45 * MIB,
  bytesPlanned: 100 * MIB,
  bytesPerSecond: 11 * MIB,
};

test('a line has label, share, bytes, rate and the time left', () => {
  expect(progressLine(state)).toBe('convert 45 %, 45 MiB of 100 MiB, 11 MiB/s, 5 s left');
});

test('no rate yet, done, and nothing to do', () => {
  expect(progressLine({ ...state, bytesRead: 0, bytesPerSecond: undefined })).toBe(
    'convert 0 %, 0 B of 100 MiB',
  );
  expect(progressLine({ ...state, bytesRead: 100 * MIB })).toBe(
    'convert 100 %, 100 MiB of 100 MiB, 11 MiB/s',
  );
  expect(progressLine({ ...state, bytesRead: 0, bytesPlanned: 0, bytesPerSecond: undefined })).toBe(
    'convert 100 %, 0 B of 0 B',
  );
});

test('it is not at 100 % before it is done', () => {
  expect(progressLine({ ...state, bytesRead: 100 * MIB - 1 })).toContain('99 %');
});

test('a bar comes before the numbers where the terminal has room for it', () => {
  expect(progressBar(state, 90)).toBe(
    'convert [=========            ]  45 %  45 MiB of 100 MiB  11 MiB/s  5 s left',
  );
  expect(progressBar(state, 50)).toBe(progressLine(state).slice(0, 50));
});

test('a bar never gets wider than the terminal, nor changes its length', () => {
  const amount = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.option(amount, { nil: undefined }),
      fc.integer({ min: 0, max: 200 }),
      (bytesRead, bytesPlanned, bytesPerSecond, width) => {
        const drawn = progressBar(
          {
            label: 'convert',
            bytesRead,
            bytesPlanned,
            bytesPerSecond: bytesPerSecond || undefined,
          },
          width,
        );
        expect(drawn.length).toBeLessThanOrEqual(width);
        expect(drawn).not.toContain('\n');
        const other = progressBar(state, width);
        expect(drawn.indexOf(']')).toBe(other.indexOf(']'));
      },
    ),
  );
});

test('the rate is that of the last ten seconds', () => {
  const meter = new RateMeter();
  expect(meter.bytesPerSecond).toBeUndefined();
  meter.add(0, 0);
  expect(meter.bytesPerSecond).toBeUndefined();
  meter.add(10_000, 100_000);
  expect(meter.bytesPerSecond).toBe(10_000);
  for (let second = 11; second <= 40; second++) meter.add(second * 1000, 100_000 + second);
  expect(meter.bytesPerSecond).toBe(1);
});

describe('on a stream', () => {
  function show(stream: { isTTY?: boolean; columns?: number }, times: readonly number[]): string[] {
    const written: string[] = [];
    let clock = 0;
    const view = showProgress(
      'convert',
      { ...stream, write: (text: string) => written.push(text) },
      () => clock,
    );
    times.forEach((time, at) => {
      clock = time;
      view.update({ bytesRead: at * MIB, bytesPlanned: 100 * MIB });
    });
    view.finish();
    return written;
  }

  test('a terminal gets a bar at most ten times a second, and no trace of it in the end', () => {
    const written = show({ isTTY: true, columns: 60 }, [0, 50, 99, 100, 150, 200]);
    expect(written).toHaveLength(4);
    for (const text of written.slice(0, 3)) {
      expect(text.startsWith('\rconvert ') && text.endsWith('\x1b[K')).toBe(true);
      expect(text.length).toBeLessThanOrEqual(60 + '\r\x1b[K'.length);
    }
    expect(written[3]).toBe('\r\x1b[K');
  });

  test('elsewhere plain lines come, one in five seconds, and none for quick work', () => {
    expect(show({}, [0, 1000, 4000])).toEqual([]);
    const written = show(
      {},
      Array.from({ length: 21 }, (_, second) => second * 1000),
    );
    expect(written).toEqual([
      'convert 5 %, 5 MiB of 100 MiB, 1 MiB/s, 1 min 35 s left\n',
      'convert 10 %, 10 MiB of 100 MiB, 1 MiB/s, 1 min 30 s left\n',
      'convert 15 %, 15 MiB of 100 MiB, 1 MiB/s, 1 min 25 s left\n',
      'convert 20 %, 20 MiB of 100 MiB, 1 MiB/s, 1 min 20 s left\n',
    ]);
  });
});
