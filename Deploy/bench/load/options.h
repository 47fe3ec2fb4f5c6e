// Command lines of the form `--name value`, every option required to be known.
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>

struct option_value {
    const char *name;     // without the dashes
    const char **text;    // where a text goes, or NULL
    long *number;         // where a number goes, or NULL
};

// Fails the process on an unknown option, a missing value or a text that is not a number ≥ 0.
void read_options(int argc, char **argv, const struct option_value *options, size_t count);

#endif
