#include "include/subwords.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct subwords_model {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

bool give(const void *base, size_t size, size_t count, subwords_buffer *result) {
  result->base = std::malloc(size + 1);
  result->count = count;
  if (result->base == nullptr) return false;
  if (size > 0) std::memcpy(result->base, base, size);
  static_cast<char *>(result->base)[size] = 0;
  return true;
}

int fail(const std::string &message, subwords_buffer *result) {
  if (!give(message.data(), message.size(), message.size(), result)) result->base = nullptr;
  return -1;
}

// Hands out the lines of a text.
class Lines : public sentencepiece::SentenceIterator {
 public:
  Lines(const char *text, size_t size) : rest_(text, size) { Next(); }
  bool done() const override { return done_; }
  const std::string &value() const override { return line_; }
  sentencepiece::util::Status status() const override { return {}; }
  void Next() override {
    const size_t end = rest_.find('\n');
    done_ = end == std::string_view::npos;
    if (done_) return;
    line_.assign(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
  }

 private:
  std::string_view rest_;
  std::string line_;
  bool done_ = false;
};

}  // namespace

int subwords_train(
  const char *text, size_t size, const char *options, subwords_buffer *result) {
  try {
    std::unordered_map<std::string, std::string> arguments;
    for (; *options != 0; options += std::strlen(options) + 1) {
      const std::string option(options);
      const size_t equals = option.find('=');
      if (equals == std::string::npos) return fail("an option without a value: " + option, result);
      arguments[option.substr(0, equals)] = option.substr(equals + 1);
    }
    Lines lines(text, size);
    std::string model;
    const auto status = sentencepiece::SentencePieceTrainer::Train(arguments, &lines, &model);
    if (!status.ok()) return fail(status.ToString(), result);
    return give(model.data(), model.size(), model.size(), result) ? 0 : -1;
  } catch (const std::exception &error) {
    return fail(error.what(), result);
  } catch (...) {
    return fail("an unknown failure", result);
  }
}

subwords_model *subwords_open(const void *bytes, size_t count) {
  try {
    auto model = std::make_unique<subwords_model>();
    const std::string_view serialized(static_cast<const char *>(bytes), count);
    if (model->processor.LoadFromSerializedProto(serialized).ok()) return model.release();
  } catch (...) {
  }
  return nullptr;
}

void subwords_close(subwords_model *model) { delete model; }

subwords_special subwords_special_pieces(const subwords_model *model) {
  const auto &processor = model->processor;
  return {processor.pad_id(), processor.unk_id(), processor.bos_id(), processor.eos_id()};
}

int subwords_count(const subwords_model *model) { return model->processor.GetPieceSize(); }

const char *subwords_piece(const subwords_model *model, int index) {
  if (index < 0 || index >= subwords_count(model)) return nullptr;
  return model->processor.IdToPiece(index).c_str();
}

int subwords_encode(
  const subwords_model *model, const char *text, size_t size, subwords_buffer *result) {
  try {
    std::vector<int> pieces;
    if (!model->processor.Encode(std::string_view(text, size), &pieces).ok()) return -1;
    static_assert(sizeof(int) == sizeof(int32_t), "pieces are numbers of 32 bits");
    return give(pieces.data(), pieces.size() * sizeof(int), pieces.size(), result) ? 0 : -1;
  } catch (...) {
    return -1;
  }
}

int subwords_split(
  const subwords_model *model, const char *text, size_t size, subwords_buffer *texts,
  subwords_buffer *ends) {
  try {
    std::vector<std::string> pieces;
    if (!model->processor.Encode(std::string_view(text, size), &pieces).ok()) return -1;
    std::string joined;
    std::vector<size_t> places;
    for (const auto &piece : pieces) places.push_back((joined += piece).size());
    if (!give(joined.data(), joined.size(), joined.size(), texts)) return -1;
    if (give(places.data(), places.size() * sizeof(size_t), places.size(), ends)) return 0;
    std::free(texts->base);
    return -1;
  } catch (...) {
    return -1;
  }
}

float subwords_score(const subwords_model *model, int index) {
  return index < 0 || index >= subwords_count(model) ? 0 : model->processor.GetScore(index);
}

int subwords_decode(
  const subwords_model *model, const int32_t *pieces, size_t count, subwords_buffer *result) {
  try {
    std::string text;
    const std::vector<int> list(pieces, pieces + count);
    if (!model->processor.Decode(list, &text).ok()) return -1;
    return give(text.data(), text.size(), text.size(), result) ? 0 : -1;
  } catch (...) {
    return -1;
  }
}

void subwords_free(subwords_buffer buffer) { std::free(buffer.base); }
