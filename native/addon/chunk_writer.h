/*
 * Registers the writer with which workers do their jobs:
 *
 *   class ChunkWriter(token, layout)          token: bigint, of the file's space
 *     write(pieces, slab, stop?, origin?): { placements, checksums, stages, deflated }
 *     writeDense(chunks): the same                          whole chunks, in C order, little endian
 *     heldBytes(): number
 *     close(): void
 *   encoderBytes(layout): number                            bytes that a writer holds at most
 *
 * Each of the stages gather, filter, checksum and write is { seconds, bytesIn, bytesOut }.
 *
 * A chunk that is not stored, because of the layout's skipFill, has the placement -1, 0, 0 and the
 * checksum 0.
 *
 *  1. A writer holds a reference to the file's space until close(), or until it is collected.
 *  2. Writing touches neither libhdf5 nor a lock of the process, so writers on different threads
 *     work at the same time.
 *  3. A closed writer or a closed file is an error with the code 'ERR_CLOSED'; a failed write has
 *     `errno` (negative, as in Node) and `syscall`.
 */
#pragma once

#include "addon/napi.h"

namespace hyperslab::addon {

void init_chunk_writer(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
