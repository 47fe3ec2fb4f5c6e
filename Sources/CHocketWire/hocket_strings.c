#include "hocket_strings.h"

#include <string.h>

/* A packed message, read from its beginning to its end. */
typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} cursor;

static bool read_varint(cursor *bytes, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 64 && bytes->at < bytes->end; shift += 7) {
        const uint8_t byte = *bytes->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

static bool skip(cursor *bytes, uint64_t count) {
    if (count > (uint64_t)(bytes->end - bytes->at)) return false;
    bytes->at += count;
    return true;
}

static bool field_has_nul(const ProtobufCFieldDescriptor *field, const uint8_t *bytes,
                          size_t count) {
    if (field == NULL || count == 0) return false;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return memchr(bytes, 0, count) != NULL;
    case PROTOBUF_C_TYPE_MESSAGE:
        return hocket_strings_have_nul(field->descriptor, bytes, count);
    default: return false;
    }
}

bool hocket_strings_have_nul(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
                             size_t count) {
    cursor rest = {bytes, bytes + count};
    uint64_t tag, length;
    while (rest.at < rest.end && read_varint(&rest, &tag)) {
        switch (tag & 7) {
        case 0:
            if (!read_varint(&rest, &length)) return false;
            break;
        case 1:
            if (!skip(&rest, 8)) return false;
            break;
        case 2: {
            if (!read_varint(&rest, &length)) return false;
            const uint8_t *value = rest.at;
            if (!skip(&rest, length)) return false;
            const ProtobufCFieldDescriptor *field =
                protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
            if (field_has_nul(field, value, (size_t)length)) return true;
            break;
        }
        case 5:
            if (!skip(&rest, 4)) return false;
            break;
        default: return false;
        }
    }
    return false;
}
