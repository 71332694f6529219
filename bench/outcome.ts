import type { ConversionReport } from 'hyperslab';

/**
 * Prints what a trial's process says of its conversion: one line of JSON. CPU seconds are those of
 * all its threads from its start: on a busy machine they vary less than the time does.
 */
export function printOutcome(report: ConversionReport, more: Record<string, unknown> = {}): void {
  const { seconds, rawBytes, storedBytes, peakRss, stages } = report;
  const { chunkCount } = report.datasets[0];
  const { user, system } = process.cpuUsage();
  const placeMicroseconds = (stages.place / chunkCount) * 1e6;
  console.log(
    JSON.stringify({
      seconds,
      rawBytes,
      storedBytes,
      peakRss,
      cpuSeconds: (user + system) / 1e6,
      stages,
      chunkCount,
      placeMicroseconds,
      ...more,
    }),
  );
}
