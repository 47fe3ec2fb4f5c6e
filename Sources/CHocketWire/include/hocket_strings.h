/*
 * protobuf-c gives strings as C does, without their length: one with a NUL in it would be cut there
 * in silence. So it is looked for in the packed message.
 */

#ifndef HOCKET_STRINGS_H
#define HOCKET_STRINGS_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a string of a message that unpacks, or of one within it, has a NUL. No message contains
 * itself, so that it has an end. */
bool hocket_strings_have_nul(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
                             size_t count);

#endif
