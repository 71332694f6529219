/*
 * Registers the codec of chunks, which needs no file:
 *
 *   class ChunkCodec(layout)
 *     encode(pieces, chunkStart): { bytes, filterMask }     bytes are a copy
 *     decode(stored, filterMask, out?): Uint8Array          out, or else a new array
 *     difference(pieces, chunkStart, stored, filterMask): number
 *     heldBytes(): number
 *     release(): void                                        frees the buffers
 *
 * Works on any thread that has a JavaScript environment, and takes no lock. Native failures become
 * JavaScript errors. The code is 'ERR_CHUNK' if a chunk can't be decoded or gathered.
 */
#pragma once

#include <new>
#include <string>

#include "addon/napi.h"
#include "codec/chunk_codec.h"

namespace hyperslab::addon {

void init_codec(Napi::Env env, Napi::Object exports);

/* Checks and copies a layout. Errors call it `name`. */
ChunkLayout read_layout(Napi::Value value, const std::string &name);

/* An error with a `code`. */
Napi::Error coded_error(Napi::Env env, const char *code, const std::string &message);

/* Runs `body`, and turns exceptions of the codec into JavaScript errors. */
template <typename Body>
auto guard(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Napi::Error &) {
    throw;
  } catch (const ChunkError &error) {
    throw coded_error(env, "ERR_CHUNK", error.what());
  } catch (const std::out_of_range &error) {
    throw Napi::RangeError::New(env, error.what());
  } catch (const std::bad_alloc &) {
    throw coded_error(env, "ERR_MEMORY", "Expected memory for a chunk but there is not enough");
  } catch (const std::exception &error) {
    throw Napi::Error::New(env, error.what());
  }
}

/* Tells the garbage collector how much native memory an object keeps alive. */
class MemoryReport {
 public:
  void update(Napi::BasicEnv env, uint64_t bytes) {
    const int64_t now = static_cast<int64_t>(bytes);
    if (now != told_) Napi::MemoryManagement::AdjustExternalMemory(env, now - told_);
    told_ = now;
  }

 private:
  int64_t told_ = 0;
};

}  // namespace hyperslab::addon
