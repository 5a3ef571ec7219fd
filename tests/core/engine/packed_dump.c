/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks a packed network as a C program would: prints, per filter, a line of what it has, floats as their patterns. */
#include <bitscape_packed.h>

#include <stdio.h>
#include <stdlib.h>

static uint32_t pattern(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static int dump(const void *data, size_t size)
{
    bitscape_reader reader;
    bitscape_layer layer;
    int state;
    if (bitscape_open(&reader, data, size) != 0)
        return 3;
    while ((state = bitscape_next_layer(&reader, &layer)) == 1) {
        int32_t *levels = malloc(layer.weights * sizeof *levels);
        float *values = malloc(layer.weights * sizeof *values), scale, bias;
        uint32_t f, i;
        for (f = 0; f < layer.filters; ++f) {
            if (bitscape_next_filter(&reader, &scale, &bias, levels, values) != 0)
                return 3;
            printf("%.*s %u %d %u %u", (int)layer.name_length, layer.name, f, layer.bits[f], pattern(scale), pattern(bias));
            for (i = 0; i < layer.weights; ++i)
                printf(" %d:%u", levels[i], pattern(values[i]));
            printf("\n");
        }
        free(levels);
        free(values);
    }
    return state == 0 ? 0 : 3;
}

int main(int argc, char **argv)
{
    static char data[1 << 24];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t size;
    if (!file)
        return 2;
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    return dump(data, size);
}
