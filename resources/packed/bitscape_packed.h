/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a network packed by Bitscape (bitscape-cli export PROJECT RUN --to packed). C99, no allocation, nothing to link.
 *
 *     bitscape_reader reader;
 *     bitscape_layer layer;
 *     if (bitscape_open(&reader, bytes, size) != 0) return damaged;
 *     while ((state = bitscape_next_layer(&reader, &layer)) == 1) {
 *         float *values = malloc(layer.weights * sizeof *values), scale, bias;
 *         for (uint32_t f = 0; f < layer.filters; ++f)
 *             if (bitscape_next_filter(&reader, &scale, &bias, NULL, values) != 0) return damaged;
 *     }                                                              (state is -1 where the file is damaged)
 *
 * The file. Numbers are little-endian; f32 is an IEEE float.
 *
 *     header    8 bytes "BITSPACK", u32 version (1), u32 layers, u32 length of the whole header, u64 bits of the payload
 *               per layer: u16 length of the name, name (UTF-8), u8 grid (0 midrise, 1 narrow), u8 1 if filters have a bias,
 *                          u32 filters, u32 weights per filter, u8 bits of each filter (0..8, or 32: not quantized)
 *               u32 length of a JSON text, that text: "graph", the network's nodes with the normalisations that are folded away
 *               taken out; "activations", where activations are quantized, [{node, bits, scale, lowest, highest}];
 *               "mean" and "std" of the images; "classes"
 *               f32 of every tensor of the graph that belongs to no layer, in the graph's order
 *     payload   per layer and filter of more than 0 bits: f32 scale (not at 32 bits), f32 bias (where filters have one)
 *               then per layer, filter and weight a code of as many bits as the filter has, the lowest bit of a byte first,
 *               nothing between them; the last byte is filled up with zeros
 *
 * A weight is level * scale. The level of code c of b bits: 2 c - (2^b - 1) on the midrise grid and at 1 bit; c as a number in
 * two's complement on the narrow grid. At 32 bits the code is the weight, an f32. Weights of one filter stand as [C/groups, kh, kw]
 * or [inputs]. A batch normalisation directly behind a layer is in its scales and biases. A filter of 0 bits answers 0.
 *
 * The payload is what Bitscape calls the size of the network (size_bits), to the bit.
 */
#ifndef BITSCAPE_PACKED_H
#define BITSCAPE_PACKED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *name; /* not ended by a zero */
    uint32_t name_length;
    int narrow, has_bias;
    uint32_t filters, weights; /* weights per filter */
    const uint8_t *bits;       /* of each filter */
} bitscape_layer;

typedef struct {
    const uint8_t *data;
    size_t size;
    size_t at;             /* in the header */
    uint32_t layers, left; /* in all; not read yet */
    size_t floats;         /* where the next scale or bias stands */
    uint64_t code;         /* where the next code stands, in bits */
    bitscape_layer layer;  /* being read */
    uint32_t filter;
} bitscape_reader;

static inline uint64_t bitscape_number(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    int i;
    for (i = bytes - 1; i >= 0; --i)
        value = value << 8 | from[i];
    return value;
}

static inline float bitscape_float(uint32_t pattern)
{
    float value;
    memcpy(&value, &pattern, sizeof value);
    return value;
}

/* The layer's description at r->at; 0, or -1 where it does not fit into the header. */
static inline int bitscape_describe(bitscape_reader *r, size_t header, bitscape_layer *layer)
{
    const uint8_t *from;
    if (header - r->at < 2)
        return -1;
    layer->name_length = (uint32_t)bitscape_number(r->data + r->at, 2);
    if (header - r->at < 12 + (size_t)layer->name_length)
        return -1;
    layer->name = (const char *)(r->data + r->at + 2);
    from = r->data + r->at + 2 + layer->name_length;
    layer->narrow = from[0] == 1;
    layer->has_bias = from[1] == 1;
    layer->filters = (uint32_t)bitscape_number(from + 2, 4);
    layer->weights = (uint32_t)bitscape_number(from + 6, 4);
    layer->bits = from + 10;
    r->at += 12 + (size_t)layer->name_length;
    if (header - r->at < layer->filters)
        return -1;
    r->at += layer->filters;
    return 0;
}

/* Begins; `data` stays the caller's. 0, or -1 for a file that is none or is cut off. */
static inline int bitscape_open(bitscape_reader *r, const void *data, size_t size)
{
    uint64_t floats = 0, codes = 0, payload;
    size_t header, first;
    uint32_t i, f;
    bitscape_layer layer;
    memset(r, 0, sizeof *r);
    r->data = (const uint8_t *)data;
    r->size = size;
    if (size < 28 || memcmp(data, "BITSPACK", 8) != 0 || bitscape_number(r->data + 8, 4) != 1)
        return -1;
    r->layers = r->left = (uint32_t)bitscape_number(r->data + 12, 4);
    header = (size_t)bitscape_number(r->data + 16, 4);
    payload = bitscape_number(r->data + 20, 8);
    if (header < 28 || header > size || payload > (uint64_t)(size - header) * 8)
        return -1;
    first = r->at = 28;
    for (i = 0; i < r->layers; ++i) {
        if (bitscape_describe(r, header, &layer) != 0)
            return -1;
        for (f = 0; f < layer.filters; ++f) {
            if (layer.bits[f] > 8 && layer.bits[f] != 32)
                return -1;
            floats += layer.bits[f] == 0 ? 0 : (layer.bits[f] < 32) + (uint64_t)layer.has_bias;
            codes += (uint64_t)layer.bits[f] * layer.weights;
            if (floats * 32 + codes > payload)
                return -1;
        }
    }
    r->at = first;
    r->floats = header;
    r->code = (header + floats * 4) * 8;
    return floats * 32 + codes == payload ? 0 : -1;
}

/* 1 and the next layer, 0 behind the last one, -1 where filters of the one before are left. */
static inline int bitscape_next_layer(bitscape_reader *r, bitscape_layer *layer)
{
    if (r->filter != r->layer.filters)
        return -1;
    if (r->left == 0)
        return 0;
    if (bitscape_describe(r, r->size, &r->layer) != 0)
        return -1;
    --r->left;
    r->filter = 0;
    *layer = r->layer;
    return 1;
}

/* The next filter of the layer: its scale (1 at 0 and 32 bits), its bias (0 where it has none), its levels and its values, as many as
 * the layer has weights. Any pointer may be NULL. Levels are 0 at 0 and 32 bits. 0, or -1 behind the last filter. */
static inline int bitscape_next_filter(bitscape_reader *r, float *scale, float *bias, int32_t *levels, float *values)
{
    float step = 1, shift = 0;
    uint32_t i;
    int bits, bit;
    if (r->filter >= r->layer.filters)
        return -1;
    bits = r->layer.bits[r->filter++];
    if (bits > 0 && bits < 32) {
        step = bitscape_float((uint32_t)bitscape_number(r->data + r->floats, 4));
        r->floats += 4;
    }
    if (bits > 0 && r->layer.has_bias) {
        shift = bitscape_float((uint32_t)bitscape_number(r->data + r->floats, 4));
        r->floats += 4;
    }
    for (i = 0; i < r->layer.weights; ++i) {
        uint32_t code = 0;
        int32_t level = 0;
        for (bit = 0; bit < bits; ++bit, ++r->code)
            code |= (uint32_t)(r->data[r->code >> 3] >> (r->code & 7) & 1) << bit;
        if (bits == 1 || (bits > 0 && bits < 32 && !r->layer.narrow))
            level = 2 * (int32_t)code - ((1 << bits) - 1);
        else if (bits > 0 && bits < 32)
            level = (int32_t)code - (code >> (bits - 1) & 1 ? 1 << bits : 0);
        if (levels)
            levels[i] = level;
        if (values)
            values[i] = bits == 32 ? bitscape_float(code) : (float)level * step;
    }
    if (scale)
        *scale = step;
    if (bias)
        *bias = shift;
    return 0;
}

#endif
