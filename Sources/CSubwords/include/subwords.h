// SentencePiece behind functions of C: what it throws or reports becomes a result and a message, and
// nothing is written to the standard error stream.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes or numbers that a call gives away; `subwords_free` takes them back.
typedef struct {
  void *_Nullable base;
  size_t count;
} subwords_buffer;

// A model; it is not changed by any call, so that many threads may use it.
typedef struct subwords_model subwords_model;

// Learns pieces from sentences, which lie one after another in `text`, each ended by a line feed. One of
// them must have a character that is neither white space nor reserved (zero, tab, U+2581, U+2585): without
// any SentencePiece ends the program.
//
// `options` are those of SentencePiece's trainer, such as "vocab_size=8000", each ended by a zero, with
// another zero behind the last. Returns 0 and the model's bytes, or -1 and a message of zero-ended text.
int subwords_train(
  const char *_Nonnull text, size_t size, const char *_Nonnull options,
  subwords_buffer *_Nonnull result);

// The model that these bytes are; null if they are none.
subwords_model *_Nullable subwords_open(const void *_Nonnull bytes, size_t count);

// Ends the use of a model.
void subwords_close(subwords_model *_Nonnull model);

// The numbers of the special pieces; -1 for one that the model lacks.
typedef struct {
  int padding, unknown, begin, end;
} subwords_special;
subwords_special subwords_special_pieces(const subwords_model *_Nonnull model);

// The number of pieces.
int subwords_count(const subwords_model *_Nonnull model);

// The text of a piece, valid as long as the model; null if there is no such piece.
const char *_Nullable subwords_piece(const subwords_model *_Nonnull model, int index);

// The pieces of a text as numbers of 32 bits. Returns 0, or -1 if it cannot be done.
int subwords_encode(
  const subwords_model *_Nonnull model, const char *_Nonnull text, size_t size,
  subwords_buffer *_Nonnull result);

// The texts of the pieces of a text, also of those that the model lacks, one after another in `text`;
// `ends` are the places behind each, as size_t. Returns 0, or -1 if it cannot be done.
int subwords_split(
  const subwords_model *_Nonnull model, const char *_Nonnull text, size_t size,
  subwords_buffer *_Nonnull texts, subwords_buffer *_Nonnull ends);

// What a piece adds to the merit of a text: a logarithm of a probability, or how late a merge was learned,
// negative.
float subwords_score(const subwords_model *_Nonnull model, int index);

// The text of pieces. Returns 0, or -1 if it cannot be done.
int subwords_decode(
  const subwords_model *_Nonnull model, const int32_t *_Nonnull pieces, size_t count,
  subwords_buffer *_Nonnull result);

// Takes back what a call gave away.
void subwords_free(subwords_buffer buffer);

#ifdef __cplusplus
}
#endif
