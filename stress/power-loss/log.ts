import { existsSync, readFileSync } from 'node:fs';

/** An event in the watched folder. `name` is '' for the folder itself. */
export type LogEvent =
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly inode: bigint;
      readonly mtimeNs: bigint;
    }
  | {
      readonly kind: 'write';
      readonly name: string;
      readonly inode: bigint;
      readonly at: number;
      readonly bytes: Uint8Array;
      readonly mtimeNs: bigint;
    }
  /** The file was cut, or lengthened by zeros. */
  | {
      readonly kind: 'resize';
      readonly name: string;
      readonly inode: bigint;
      readonly size: number;
      readonly mtimeNs: bigint;
    }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string }
  /** A sync begins. It ends with the `synced` event of the same number, unless the process ends before. */
  | {
      readonly kind: 'sync';
      readonly name: string;
      readonly inode: bigint;
      readonly sync: number;
      /** Whether it is `fdatasync`, which does not sync the times. */
      readonly isDataOnly: boolean;
    }
  | { readonly kind: 'synced'; readonly name: string; readonly sync: number }
  /** The process has ended. Syncs that were running have no effect. */
  | { readonly kind: 'end' };

/** Length of the fixed part of a record. write-log.c defines the same fields. */
const HEAD = 56;

/** Reads a log of write-log.c. If there is no file, there are no events. */
export function readLog(path: string): LogEvent[] {
  if (!existsSync(path)) return [];
  const log = readFileSync(path);
  const events: LogEvent[] = [];
  let at = 0;
  while (at + HEAD <= log.length) {
    const [kind, nameLength, otherLength, dataOnly] = [0, 4, 8, 12].map((field) =>
      log.readUInt32LE(at + field),
    );
    const inode = log.readBigUInt64LE(at + 16);
    const place = Number(log.readBigUInt64LE(at + 24));
    const byteCount = Number(log.readBigUInt64LE(at + 32));
    const size = Number(log.readBigUInt64LE(at + 40));
    const mtimeNs = log.readBigInt64LE(at + 48);
    at += HEAD;
    const take = (length: number) => {
      at += length;
      return log.subarray(at - length, at);
    };
    const name = take(nameLength).toString();
    const to = take(otherLength).toString();
    switch (kind) {
      case 1:
        events.push({ kind: 'create', name, inode, mtimeNs });
        break;
      case 2:
        events.push({ kind: 'write', name, inode, at: place, bytes: take(byteCount), mtimeNs });
        break;
      case 3:
        events.push({ kind: 'resize', name, inode, size, mtimeNs });
        break;
      case 4:
        events.push({ kind: 'rename', name, to });
        break;
      case 5:
        events.push({ kind: 'unlink', name });
        break;
      case 6:
        events.push({ kind: 'sync', name, inode, sync: place, isDataOnly: dataOnly === 1 });
        break;
      case 7:
        events.push({ kind: 'synced', name, sync: place });
        break;
      default:
        throw new Error(`${path} has a record of the unknown kind ${kind}`);
    }
  }
  if (at !== log.length) throw new Error(`${path} ends within a record`);
  return events;
}
