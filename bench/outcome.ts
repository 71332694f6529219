import type { ConversionReport } from 'hyperslab';

/**
 * Prints the outcome of a trial as one line of JSON. `cpuSeconds` counts all threads of the process from its start; on
 * a busy machine it varies less than the time.
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
