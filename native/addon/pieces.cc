#include "addon/pieces.h"

#include <cstring>

namespace hyperslab::addon {

PieceArguments::PieceArguments(Napi::Value pieces, size_t rank) : env_(pieces.Env()) {
  if (!pieces.IsArray()) throw Napi::TypeError::New(env_, expected("an array", "pieces", pieces));
  const Napi::Array array = pieces.As<Napi::Array>();
  const uint32_t length = array.Length();
  for (uint32_t k = 0; k < length; k++)
    arguments_.push_back(read(array.Get(k), "pieces[" + std::to_string(k) + "]", rank));
}

PieceArguments::Argument PieceArguments::read(Napi::Value value, const std::string &name,
                                              size_t rank) {
  const Napi::Object piece = read_object(value, name);
  Argument argument;
  const std::vector<uint64_t> start = read_sizes(piece.Get("start"), name + ".start", rank);
  const std::vector<uint64_t> count = read_sizes(piece.Get("count"), name + ".count", rank);
  argument.offset = read_size(piece.Get("offset"), name + ".offset");
  argument.swap = piece.Get("swap").ToBoolean();
  argument.bytes = piece.Get("bytes");
  require_bytes(argument.bytes, name + ".bytes");
  const Napi::Value steps = piece.Get("steps");
  if (!steps.IsArray() || steps.As<Napi::Array>().Length() != rank)
    throw Napi::TypeError::New(
        value.Env(), expected("one step or table an axis, " + std::to_string(rank) + " in all,",
                              name + ".steps", steps));
  for (uint32_t d = 0; d < rank; d++) {
    const std::string axis = name + ".steps[" + std::to_string(d) + "]";
    const Napi::Value step = steps.As<Napi::Array>().Get(d);
    if (step.IsNumber()) {
      argument.axes.push_back({start[d], count[d], read_integer(step, axis), Napi::Value()});
    } else {
      require_int32(step, axis);
      argument.axes.push_back({start[d], count[d], 0, step});
    }
  }
  return argument;
}

PieceAxis PieceArguments::resolve_axis(const Axis &axis, const std::string &name, int64_t &origin) {
  if (axis.table.IsEmpty()) return {axis.start, axis.count, axis.step};
  const Memory memory = memory_of(axis.table);
  const size_t length = memory.size / sizeof(int32_t);
  if (length != axis.count)
    throw Napi::RangeError::New(env_, "Expected " + std::to_string(axis.count) + " offsets for " +
                                          name + " but received " + std::to_string(length));
  const int32_t *table = reinterpret_cast<const int32_t *>(memory.bytes);
  if (memory.shared && length > 0) {
    /* Tables that another thread may still change must not be checked here and used later. */
    tables_.emplace_back(new int32_t[length]);
    std::memcpy(tables_.back().get(), table, memory.size);
    table = tables_.back().get();
  }
  return {axis.start, axis.count, untabled({1, table}, axis.count, origin)};
}

std::vector<Piece> PieceArguments::resolve(size_t item_size) {
  const bool swappable = item_size == 1 || item_size == 2 || item_size == 4 || item_size == 8;
  std::vector<Piece> pieces;
  pieces.reserve(arguments_.size());
  for (size_t k = 0; k < arguments_.size(); k++) {
    const Argument &argument = arguments_[k];
    const std::string name = "pieces[" + std::to_string(k) + "]";
    if (argument.swap && !swappable)
      throw Napi::RangeError::New(env_, "Expected items of 1, 2, 4 or 8 bytes for " + name +
                                            ", which is big endian, but received " +
                                            std::to_string(item_size));
    const Memory memory = memory_of(argument.bytes);
    Piece piece{nullptr, {}, argument.swap, memory.shared};
    int64_t origin = static_cast<int64_t>(argument.offset);
    bool empty = false;
    for (size_t d = 0; d < argument.axes.size(); d++) {
      piece.axes.push_back(
          resolve_axis(argument.axes[d], name + ".steps[" + std::to_string(d) + "]", origin));
      empty = empty || piece.axes[d].count == 0;
    }
    if (empty) continue;
    int64_t low = origin, high = origin;
    bool fits = true;
    for (const PieceAxis &axis : piece.axes)
      fits = fits && reach(axis.stride, axis.count, low, high);
    const int64_t last = static_cast<int64_t>(memory.size) - static_cast<int64_t>(item_size);
    if (!fits || low < 0 || high > last)
      throw Napi::RangeError::New(
          env_, "Expected every element of " + name + " to lie within its " +
                    std::to_string(memory.size) +
                    " bytes but received an offset or steps that lead out of them");
    piece.origin = memory.bytes + origin;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace hyperslab::addon
