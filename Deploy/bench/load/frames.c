#include "frames.h"

#include "fail.h"
#include "sockets.h"

enum { HEADER_BYTES = 16, PREFACE_BYTES = 8, INPUT_BYTES_MAX = 1 << 20 };

static const uint8_t preface[PREFACE_BYTES] = {'H', 'O', 'C', 'K', 1, 0, '\r', '\n'};

static void store(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t loaded(const uint8_t *at) {
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint8_t *appended(struct frame_output *output, size_t length) {
    if (output->length + length > output->capacity) {
        output->capacity = (output->length + length) * 2;
        output->bytes = grown(output->bytes, output->capacity, 1);
    }
    output->length += length;
    return output->bytes + output->length - length;
}

void put_preface(struct frame_output *output) {
    memcpy(appended(output, PREFACE_BYTES), preface, PREFACE_BYTES);
}

void put_frame(struct frame_output *output, enum frame_type type, uint32_t stream,
               const ProtobufCMessage *message) {
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *header = appended(output, HEADER_BYTES + length);
    memset(header, 0, HEADER_BYTES);
    store(header, (uint32_t)length);
    header[4] = (uint8_t)type;
    store(header + 8, stream);
    store(header + 12, (uint32_t)length);
    protobuf_c_message_pack(message, header + HEADER_BYTES);
}

void send_frames(struct frame_output *output, int fd) {
    if (!write_all(fd, output->bytes, output->length)) fail("the router has gone");
    output->length = 0;
}

void receive_frames(struct frame_input *input, int fd) {
    if (input->capacity == 0) {
        input->capacity = INPUT_BYTES_MAX;
        input->bytes = grown(NULL, input->capacity, 1);
    }
    memmove(input->bytes, input->bytes + input->start, input->length - input->start);
    input->length -= input->start;
    input->start = 0;
    ssize_t length = read_some(fd, input->bytes + input->length, input->capacity - input->length);
    if (length == 0) fail("the router has closed the connection");
    if (length > 0) input->length += (size_t)length;
}

static bool preface_passed(struct frame_input *input) {
    if (input->preface) return true;
    if (input->length < PREFACE_BYTES) return false;
    if (memcmp(input->bytes, preface, 5) != 0) fail("the router's preface is not ours");
    input->start = PREFACE_BYTES;
    input->preface = true;
    return true;
}

bool next_frame(struct frame_input *input, struct frame *frame) {
    if (!preface_passed(input) || input->length - input->start < HEADER_BYTES) return false;
    const uint8_t *header = input->bytes + input->start;
    size_t length = loaded(header), message_length = loaded(header + 12);
    if (message_length > length || HEADER_BYTES + length > input->capacity) {
        fail("a frame of %zu bytes with a message of %zu", length, message_length);
    }
    if (input->length - input->start < HEADER_BYTES + length) return false;
    *frame = (struct frame){
        .type = (enum frame_type)header[4],
        .stream = loaded(header + 8),
        .message = header + HEADER_BYTES,
        .message_length = message_length,
        .tail_length = length - message_length,
    };
    input->start += HEADER_BYTES + length;
    return true;
}
