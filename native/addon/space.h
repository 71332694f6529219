/*
 * Registers access to the bytes of a file without libhdf5:
 *
 *   class Space(token)                token: bigint, of the file's space
 *     reserve(bytes): number          the address of bytes for the caller alone
 *     write(bytes, address): void     all of a Uint8Array
 *     close(): void
 *
 *  1. A Space holds a reference to the file's space until close(), or until it is garbage
 *     collected.
 *  2. Each thread may have its own; they work at the same time.
 *  3. A closed space or a closed file is an error with the code 'ERR_CLOSED'; a failed write has
 *     `errno` (negative, as in Node) and `syscall`.
 */
#pragma once

#include <memory>

#include "addon/napi.h"
#include "driver/space.h"

namespace hyperslab::addon {

struct ReleaseSpace {
  void operator()(hs_space *space) const { hs_space_release(space); }
};
using SpaceReference = std::unique_ptr<hs_space, ReleaseSpace>;

/* The space with this token; throws if no open file has it. */
SpaceReference attach_space(Napi::Value token);

/* All throw as in 3. */
uint64_t reserve_in(Napi::Env env, hs_space *space, uint64_t size);
uint64_t reserve_blocks_in(Napi::Env env, hs_space *space, uint64_t size);
void write_to(Napi::Env env, hs_space *space, const uint8_t *bytes, size_t size, uint64_t address);

void init_space(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
