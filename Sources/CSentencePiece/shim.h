// SentencePiece speaks C++; only CSubwords includes its headers.
