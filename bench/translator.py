"""The translation network of `configs/en-de.yaml` in PyTorch, and a batched beam search with it."""

import math

import torch
from torch import nn
from torch.nn import functional


class Translator(nn.Module):
    """A bidirectional GRU, and a GRU decoder with general attention and input feeding.

    The table of embeddings serves both languages and the output layer. What does not depend on the
    step before is computed for all steps at once: the products of the embedded tokens, the keys, the
    logits.
    """

    def __init__(self, tokens, embedding=256, hidden=256, state=384, output=256, dropout=0.3):
        super().__init__()
        self.embedding = nn.Embedding(tokens, embedding)
        nn.init.normal_(self.embedding.weight, std=embedding ** -0.5)
        self.encoder = nn.GRU(embedding, hidden, bidirectional=True)
        self.bridge = nn.Linear(2 * hidden, state)
        # From [token; attentional state of the step before].
        self.cell = nn.GRUCell(embedding + output, state)
        self.key = nn.Linear(2 * hidden, state, bias=False)
        self.combine = nn.Linear(2 * hidden + state, output)
        self.output_bias = nn.Parameter(torch.zeros(tokens))
        self.embedding_size, self.output_size, self.dropout = embedding, output, dropout
        self.scale = 1 / math.sqrt(state)

    def drop(self, x):
        """Drops features of [time, batch, feature] for whole sentences."""
        if not self.training or self.dropout == 0:
            return x
        return x * functional.dropout(torch.ones_like(x[:1]), self.dropout)

    def encode(self, source, lengths):
        """[time, batch] to the memory [batch, time, 2 hidden], its keys, mask and first state."""
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(self.embedding(source)), lengths, enforce_sorted=False)
        memory = nn.utils.rnn.pad_packed_sequence(self.encoder(packed)[0])[0]
        memory = self.drop(memory).transpose(0, 1)
        positions = torch.arange(memory.shape[1])[None]
        is_padding = positions >= lengths[:, None]
        # Behind the end of a sentence the memory is zero, so that the sum is over the sentence.
        mean = memory.sum(1) / lengths[:, None]
        return memory, self.key(memory), is_padding, torch.tanh(self.bridge(mean))

    def input_products(self, tokens):
        weight = self.cell.weight_ih[:, :self.embedding_size]
        return functional.linear(self.drop(self.embedding(tokens)), weight, self.cell.bias_ih)

    def step(self, products, h, feed, memory, keys, is_padding):
        """One step of [sentence, beam] rows; products, h and feed are [rows, ..]."""
        gates = products + functional.linear(feed, self.cell.weight_ih[:, self.embedding_size:])
        recurrent = functional.linear(h, self.cell.weight_hh, self.cell.bias_hh)
        size = h.shape[-1]
        reset, update = torch.sigmoid(
            gates[:, :2 * size] + recurrent[:, :2 * size]).chunk(2, dim=-1)
        candidate = torch.tanh(gates[:, 2 * size:] + reset * recurrent[:, 2 * size:])
        h = torch.lerp(candidate, h.to(candidate.dtype), update)
        # A sentence's beams read one memory.
        queries = h.view(memory.shape[0], -1, size)
        scores = torch.bmm(queries, keys.transpose(1, 2)) * self.scale
        weights = torch.softmax(scores.masked_fill(is_padding[:, None], -math.inf), dim=-1)
        context = torch.bmm(weights.to(memory.dtype), memory).view(h.shape[0], -1)
        return h, torch.tanh(self.combine(torch.cat([context, h], dim=-1)))

    def decode(self, products, h, memory, keys, is_padding):
        """The attentional states [time, batch, output] of whole sentences."""
        feed = products.new_zeros(products.shape[1], self.output_size)
        states = []
        for now in products:
            h, feed = self.step(now, h, feed, memory, keys, is_padding)
            states.append(feed)
        return torch.stack(states)

    def logits(self, states):
        return functional.linear(states, self.embedding.weight, self.output_bias)

    def forward(self, source, lengths, tokens, is_target):
        """The logits [row, token] of what follows those of `tokens` that `is_target` names."""
        memory, keys, is_padding, h = self.encode(source, lengths)
        states = self.decode(self.input_products(tokens), h, memory, keys, is_padding)
        return self.logits(self.drop(states)[is_target])


class Search:
    """Beam search over sentences and beams at once, into translations of given lengths."""

    def __init__(self, network, begin, excluded, step=None):
        self.network, self.begin, self.excluded = network, begin, excluded
        self.step = step or network.step

    def __call__(self, source, lengths, written, width):
        """The best translations [sentence, time] and the sums of their log-probabilities.

        Sentences leave the batch when they have `written` tokens; all of them here rise together.
        """
        network, count = self.network, source.shape[1]
        memory, keys, is_padding, h = network.encode(source, lengths)
        h = h.repeat_interleave(width, 0)
        feed = h.new_zeros(count * width, network.output_size)
        tokens = torch.full((count * width,), self.begin)
        scores = torch.zeros(count, width)
        if width > 1:
            # At first a sentence's beams are alike, so that one of them is enough.
            scores[:, 1:] = -math.inf
        sequences = torch.empty(count, width, 0, dtype=torch.long)
        places, found = torch.arange(count), [None] * count
        for length in range(1, int(written.max()) + 1):
            h, feed = self.step(
                network.input_products(tokens), h, feed, memory, keys, is_padding)
            logits = network.logits(feed).float()
            chosen, parents, scores = self.best(logits, scores, width)
            if width > 1:
                rows = (parents + width * torch.arange(len(places))[:, None]).view(-1)
                h, feed = h[rows], feed[rows]
                sequences = sequences.gather(
                    1, parents[:, :, None].expand(-1, -1, sequences.shape[2]))
            sequences = torch.cat([sequences, chosen[:, :, None]], 2)
            tokens = chosen.view(-1)
            going = written[places] > length
            if going.all():
                continue
            for index in torch.nonzero(~going)[:, 0].tolist():
                best = int(scores[index].argmax())
                found[places[index]] = (sequences[index, best], scores[index, best])
            if not going.any():
                break
            rows = going.repeat_interleave(width)
            h, feed, tokens = h[rows], feed[rows], tokens[rows]
            memory, keys, is_padding = memory[going], keys[going], is_padding[going]
            scores, sequences, places = scores[going], sequences[going], places[going]
        return found

    def best(self, logits, scores, width):
        """The best tokens [sentence, beam], the beams that they come from, and the new sums."""
        if width == 1:
            norms = logits.logsumexp(-1)
            logits[:, self.excluded] = -math.inf
            value, token = logits.max(-1)
            return token[:, None], None, scores + (value - norms)[:, None]
        log_probabilities = logits.log_softmax(-1)
        log_probabilities[:, self.excluded] = -math.inf
        count = logits.shape[-1]
        sums = (log_probabilities.view(-1, width, count) + scores[:, :, None]).view(
            scores.shape[0], -1)
        values, indices = sums.topk(width, dim=-1)
        return indices % count, indices // count, values
