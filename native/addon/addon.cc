/* The addon h5lib: registers the functions and classes of the other files. */
#include "addon/attribute.h"
#include "addon/checksum.h"
#include "addon/chunk.h"
#include "addon/chunk_writer.h"
#include "addon/codec.h"
#include "addon/copy.h"
#include "addon/dataset.h"
#include "addon/dataset_info.h"
#include "addon/environment.h"
#include "addon/file.h"
#include "addon/handle.h"
#include "addon/library.h"
#include "addon/link.h"
#include "addon/lock.h"
#include "addon/space.h"

namespace hyperslab::addon {
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

}  // namespace hyperslab::addon

using hyperslab::addon::init; /* the macro takes a name without a namespace */
NODE_API_MODULE(h5lib, init)
