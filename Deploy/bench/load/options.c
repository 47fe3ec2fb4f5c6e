#include "options.h"

#include "fail.h"

static long number(const char *name, const char *text) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || *text == 0 || *end != 0 || value < 0) {
        fail("--%s: not a number: %s", name, text);
    }
    return value;
}

static const struct option_value *named(const char *argument, const struct option_value *options,
                                        size_t count) {
    if (strncmp(argument, "--", 2) != 0) fail("unexpected argument %s", argument);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(argument + 2, options[i].name) == 0) return &options[i];
    }
    fail("unknown option %s", argument);
}

void read_options(int argc, char **argv, const struct option_value *options, size_t count) {
    for (int i = 1; i < argc; i += 2) {
        const struct option_value *option = named(argv[i], options, count);
        if (i + 1 == argc) fail("%s needs a value", argv[i]);
        if (option->text != NULL) *option->text = argv[i + 1];
        if (option->number != NULL) *option->number = number(option->name, argv[i + 1]);
    }
}
