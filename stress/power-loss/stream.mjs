/**
 * A program whose data can't be sent again. It appends rows to DataWriters, and writes down how many of them flush()
 * has acknowledged. Its argument is JSON; `Streaming.begin` in streams.ts makes it.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { convert, DataWriter } from 'hyperslab';

const { path, acknowledgements, writers, beside, options, steps } = JSON.parse(process.argv[2]);

const streams = writers.map(({ columns, rows }) => {
  const { buffer, byteOffset, byteLength } = readFileSync(rows);
  const writer = new DataWriter({ dtype: 'int16', maxshape: [null, columns] });
  return { writer, columns, values: new Int16Array(buffer, byteOffset, byteLength / 2), done: 0 };
});
const series = writers.map(({ name, chunks, compression }, at) => ({
  type: 'TimeSeries',
  name,
  rate: 1000,
  unit: 'V',
  data: { data: streams[at].writer, chunks, compression },
}));
const nwbfile = {
  sessionDescription: 'a stream',
  identifier: 'stream',
  sessionStartTime: '2026-01-15T10:00:00+01:00',
};
const converted = convert({ path, nwbfile, acquisition: [...series, ...beside] }, options);
const file = openSync(acknowledgements, 'w');
const acknowledge = (at) => writeSync(file, `${at} ${streams[at].done}\n`);

for (const { stream: at, rows, next } of steps) {
  const stream = streams[at];
  const { columns, values, done } = stream;
  await stream.writer.append(values.slice(done * columns, (done + rows) * columns));
  stream.done += rows;
  if (next === 'wait') await sleep(30);
  if (next !== 'flush') continue;
  await stream.writer.flush();
  acknowledge(at);
}
for (const { writer } of streams) writer.end();
await converted;
for (const at of streams.keys()) acknowledge(at);
