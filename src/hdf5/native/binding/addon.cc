/* The addon h5lib: registers what the other files define. */
#include "binding/attribute.h"
#include "binding/checksum.h"
#include "binding/chunk.h"
#include "binding/chunk_writer.h"
#include "binding/codec.h"
#include "binding/copy.h"
#include "binding/dataset.h"
#include "binding/dataset_info.h"
#include "binding/environment.h"
#include "binding/file.h"
#include "binding/handle.h"
#include "binding/library.h"
#include "binding/link.h"
#include "binding/lock.h"
#include "binding/space.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  init_environment(env, exports);
  init_library(env, exports);
  init_handle(env, exports);
  init_file(env, exports);
  init_link(env, exports);
  init_attribute(env, exports);
  init_dataset(env, exports);
  init_dataset_info(env, exports);
  init_chunk(env, exports);
  init_space(env, exports);
  init_codec(env, exports);
  init_checksum(env, exports);
  init_chunk_writer(env, exports);
  init_copy(env, exports);
  init_lock(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(h5lib, init)
