/*
 * Handle: a file, group or dataset that JavaScript holds.
 *
 *  1. A handle is closed once: by close(), or when it is collected.
 *  2. Closing a file closes all that was opened through it; its handles then count as closed.
 *  3. Handle::id() throws an Hdf5Error for a closed handle, so nothing reaches libhdf5 with a stale
 *     id.
 */
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "addon/library.h"
#include "driver/driver.h"

namespace hyperslab::addon {

/* How a dataset is cut into chunks, and the file that they are in; both as fixed as the dataset. */
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
  /* The handle passed as argument; a TypeError for anything else. */
  static Handle &of(const Napi::Value &value);

  explicit Handle(const Napi::CallbackInfo &info);
  ~Handle() override;

  /* Needs a Library object. */
  hid_t id(Napi::Env env, const char *call) const;
  /* Absolute path of the object in its file; for a file, the file's path. */
  const std::string &path() const { return path_; }
  /*
   * Of a chunked dataset. Asked for once, since libhdf5 copies whole property lists to answer,
   * which costs more than to place a chunk. Needs a Library object.
   */
  const Chunking &chunking(Napi::Env env, const char *call);
  /*
   * First element of the chunk that was placed last, while libhdf5 may remember it otherwise than
   * it is stored; else empty.
   */
  std::vector<hsize_t> &placed() { return placed_; }
  /*
   * Closes a dataset and opens it anew, so that libhdf5 forgets what it remembers of its chunks
   * (unless another handle has it open). Needs a Library object.
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

/* Flushes a file to the system; throws where libhdf5 or the system fails. */
void flush_file(Napi::Env env, hid_t id, const std::string &path);

void init_handle(Napi::Env env, Napi::Object exports);

}  // namespace hyperslab::addon
