/*
 * What Swift cannot say for itself about the generated code.
 */

#ifndef HOCKET_SHIM_H
#define HOCKET_SHIM_H

#include <hocket/v1/administration.pb-c.h>
#include <hocket/v1/connection.pb-c.h>
#include <hocket/v1/generation.pb-c.h>
#include <hocket/v1/status.pb-c.h>
#include <stdint.h>

#include "hocket_strings.h"

/* Headers and prompts are copied between memory and the wire as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the wire is little-endian");

/*
 * The message that frames of a type carry; NULL for an unknown type. Swift imports the descriptors
 * as values, and a pointer to a copy is not what protobuf-c wants.
 */
static inline const ProtobufCMessageDescriptor *hocket_frame_descriptor(uint8_t type) {
    switch (type) {
    case 1: return &hocket__v1__hello__descriptor;
    case 2: return &hocket__v1__hello_ack__descriptor;
    case 3: return &hocket__v1__submit__descriptor;
    case 4: return &hocket__v1__accept__descriptor;
    case 5: return &hocket__v1__step__descriptor;
    case 6: return &hocket__v1__finish__descriptor;
    case 7: return &hocket__v1__cancel__descriptor;
    case 8: return &hocket__v1__credit__descriptor;
    case 9: return &hocket__v1__ping__descriptor;
    case 10: return &hocket__v1__ping__descriptor;
    case 11: return &hocket__v1__go_away__descriptor;
    case 12: return &hocket__v1__worker_status__descriptor;
    case 13: return &hocket__v1__event__descriptor;
    case 14: return &hocket__v1__query__descriptor;
    case 15: return &hocket__v1__reply__descriptor;
    case 16: return &hocket__v1__status__descriptor;
    case 17: return &hocket__v1__status__descriptor;
    default: return NULL;
    }
}

#endif
