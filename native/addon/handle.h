/*
 * Handle: a file, group or dataset that JavaScript holds.
 *
 *  1. A handle is closed once: by close(), or by the garbage collector.
 *  2. Closing a file closes everything that was opened through it; those handles then count as
 *     closed.
 *  3. Handle::id() throws an Hdf5Error for a closed handle, so no stale id reaches libhdf5.
 */
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "addon/library.h"
#include "driver/driver.h"

namespace hyperslab::addon {

/*
 * The chunks and filters of a dataset, and its file. They do not change while the dataset exists.
 */
struct Chunking {
  hs_file *file;
  std::vector<hsize_t> chunk;
  size_t item_size;
  std::vector<H5Z_filter_t> filters;
};

class Handle : public Napi::ObjectWrap<Handle> {
 public:
  static Napi::Function define(Napi::Env env);
  /* A new handle that owns `id`. */
  static Napi::Object make(Napi::Env env, Id id, const std::string &path);
  /* The handle passed as an argument; a TypeError for anything else. */
  static Handle &of(const Napi::Value &value);

  explicit Handle(const Napi::CallbackInfo &info);
  ~Handle() override;

  /* Needs a Library object. */
  hid_t id(Napi::Env env, const char *call) const;
  /* Absolute path of the object in its file; the path of the file if it is a file. */
  const std::string &path() const { return path_; }
  /*
   * The chunking of a chunked dataset. Read once and kept, since libhdf5 copies whole property
   * lists to answer, which takes longer than placing a chunk. Needs a Library object.
   */
  const Chunking &chunking(Napi::Env env, const char *call);
  /*
   * First element of the chunk that was placed last, as long as libhdf5 may have cached other facts
   * about it; else empty.
   */
  std::vector<hsize_t> &placed() { return placed_; }
  /*
   * Closes a dataset and opens it again, so that libhdf5 forgets what it cached about its chunks.
   * No effect if another handle has it open. Needs a Library object.
   */
  void reopen(Napi::Env env);
  /* Path of a child, for messages and new handles. */
  std::string child(const std::string &name) const;

 private:
  void close(const Napi::CallbackInfo &info);
  void abandon(const Napi::CallbackInfo &info);
  Napi::Value is_open(const Napi::CallbackInfo &info);

  hid_t id_ = H5I_INVALID_HID;
  bool file_ = false;
  std::string path_;
  std::optional<Chunking> chunking_;
  std::vector<hsize_t> placed_;
};

/* Flushes a file to the system. Throws an Hdf5Error if libhdf5 or the system fails. */
void flush_file(Napi::Env env, hid_t id, const std::string &path);

void init_handle(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
